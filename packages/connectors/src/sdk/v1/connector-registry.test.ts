import assert from 'node:assert/strict';
import { it } from 'node:test';
import { directoryConnector } from '../../directory/connector.ts';
import { ConnectorError } from './connector-error.ts';
import { createConnectorRegistry } from './connector-registry.ts';

const registry = createConnectorRegistry([directoryConnector]);

it('finds connectors by kind and by the type of resource that they restore', () => {
  assert.deepEqual(registry.kinds, ['directory']);
  assert.equal(registry.descriptor('directory').title, directoryConnector.title);
  assert.deepEqual(
    registry.forResourceType('EFS').map((each) => each.kind),
    ['directory'],
  );
  assert.deepEqual(registry.forResourceType('S3'), []);
});

it('lists the known kinds when one is unknown', () => {
  assert.throws(() => registry.descriptor('tape'), /'tape'.*Known kinds: directory/);
});

it('names every setting that is not valid', () => {
  assert.throws(
    () => registry.parseSettings('directory', { path: 'relative', tagz: {} }),
    (error) => {
      assert.ok(error instanceof ConnectorError && error.class === 'invalid-request');
      assert.match(error.message, /path: must be an absolute path/);
      assert.match(error.message, /tagz/);
      return true;
    },
  );
});

it('fills in the defaults of settings', () => {
  const settings = registry.parseSettings('directory', { path: '/srv' });
  assert.deepEqual(settings, { path: '/srv', tags: {}, exclude: [], oneFileSystem: true });
});

it('does not take two connectors of one kind', () => {
  assert.throws(() => createConnectorRegistry([directoryConnector, directoryConnector]), /same kind/);
});

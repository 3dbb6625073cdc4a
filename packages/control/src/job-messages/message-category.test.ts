import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalMessageCategory, MESSAGE_CATEGORIES, messageCategoryFilter } from './message-category.ts';

test('the spellings of the guide find the stored category', () => {
  assert.equal(canonicalMessageCategory('AccessDenied'), 'ACCESS_DENIED');
  assert.equal(canonicalMessageCategory('Success'), 'SUCCESS');
  assert.equal(canonicalMessageCategory('INVALIDPARAMETERS'), 'INVALID_PARAMETERS');
  for (const category of MESSAGE_CATEGORIES) assert.equal(canonicalMessageCategory(category), category);
});

test('the words for all categories are no filter, and an unknown word matches nothing', () => {
  for (const word of ['*', 'ANY', 'AGGREGATE_ALL', 'any', undefined])
    assert.equal(messageCategoryFilter(word), undefined);
  assert.equal(messageCategoryFilter('Nonsense'), 'Nonsense');
});

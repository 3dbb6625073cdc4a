import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeInheritedPolicies } from './merge-inherited-policies.ts';

const DAILY = {
  plans: {
    Plan: {
      regions: { '@@assign': ['us-east-1'] },
      rules: { Daily: { lifecycle: { delete_after_days: { '@@assign': '7' } }, schedule: { '@@assign': 'cron' } } },
    },
  },
};

test('ORG-5: a policy further down replaces the lifetime and keeps the rest', () => {
  const finance = { plans: { Plan: { rules: { Daily: { lifecycle: { delete_after_days: { '@@assign': '30' } } } } } } };
  assert.deepEqual(mergeInheritedPolicies([DAILY, finance]), {
    plans: {
      Plan: { regions: ['us-east-1'], rules: { Daily: { lifecycle: { delete_after_days: '30' }, schedule: 'cron' } } },
    },
  });
});

test('ORG-6: plans of different names stand beside each other', () => {
  const other = { plans: { Other: { regions: { '@@assign': ['eu-north-1'] } } } };
  const { plans } = mergeInheritedPolicies([DAILY, other]) as { plans: object };
  assert.deepEqual(Object.keys(plans), ['Plan', 'Other']);
});

test('names that differ by case alone are the same, in the spelling of the highest policy', () => {
  const lower = { plans: { plan: { regions: { '@@append': ['eu-north-1'] } } } };
  const { plans } = mergeInheritedPolicies([DAILY, lower]) as { plans: Record<string, { regions: unknown }> };
  assert.deepEqual(plans['Plan']?.regions, ['us-east-1', 'eu-north-1']);
});

test('lists are appended to once and removed from', () => {
  const documents = [
    { a: { '@@assign': ['x', 'y'] } },
    { a: { '@@append': ['y', 'z'] } },
    { a: { '@@remove': ['x'] } },
  ];
  assert.deepEqual(mergeInheritedPolicies(documents), { a: ['y', 'z'] });
});

test('a policy can forbid those below it to change a value, and nobody can lift that again', () => {
  const documents = [
    { a: { '@@assign': '7', '@@operators_allowed_for_child_policies': ['@@none'] }, b: { '@@assign': '1' } },
    { a: { '@@assign': '8', '@@operators_allowed_for_child_policies': ['@@all'] } },
    { a: { '@@assign': '9' }, b: { '@@assign': '2' } },
  ];
  assert.deepEqual(mergeInheritedPolicies(documents), { a: '7', b: '2' });
});

test('a policy can forbid changes to everything under a key', () => {
  const documents = [
    { plans: { '@@operators_allowed_for_child_policies': ['@@append'], P: { l: { '@@assign': ['a'] } } } },
    { plans: { P: { l: { '@@assign': ['z'], '@@append': ['b'] } }, Q: { l: { '@@assign': ['q'] } } } },
  ];
  assert.deepEqual(mergeInheritedPolicies(documents), { plans: { P: { l: ['a', 'b'] } } });
});

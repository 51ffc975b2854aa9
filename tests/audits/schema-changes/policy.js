// The policy for changes of the schema, as README.md has it.

import { CriticalityLevel, diff, DiffRule } from '@graphql-inspector/core';
import { buildASTSchema, parse } from 'graphql';

import { deprecations, withoutOverdue } from './deprecation.js';

/** How long before its removal something has to be deprecated in a release. */
export const NOTICE_DAYS = 90;

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What in `current` breaks clients of `released`. What was deprecated in the release and is due by `today` may be gone.
 *
 * @returns What breaks them, and what might surprise those that do not expect a value they do not know.
 */
export async function changes(released, current, today) {
  const before = buildASTSchema(withoutOverdue(parse(released), today), { assumeValid: true });
  const after = buildASTSchema(parse(current));
  const found = await diff(before, after, [DiffRule.ignoreDescriptionChanges, DiffRule.safeUnreachable]);
  const messagesOf = (level) =>
    found.filter(({ criticality }) => criticality.level === level).map(({ message }) => message);
  return { breaking: messagesOf(CriticalityLevel.Breaking), dangerous: messagesOf(CriticalityLevel.Dangerous) };
}

/** What is wrong with the deprecations in `current`: no day of removal, or an earlier one than was released. */
export function wrongDeprecations(released, current) {
  const promised = deprecations(parse(released));
  return [...deprecations(parse(current))].flatMap(([coordinate, day]) => {
    if (day === undefined) return [`${coordinate}: end the reason with "Will be removed on YYYY-MM-DD."`];
    if (day < promised.get(coordinate)) return [`${coordinate}: it was promised to stay until ${promised.get(coordinate)}`];
    return [];
  });
}

/** The deprecations that are new in `current` and would be removed too soon after a release on the day `today`. */
export function shortNotices(released, current, today) {
  const promised = deprecations(parse(released));
  const earliest = new Date(Date.parse(today) + NOTICE_DAYS * DAY_MS).toISOString().slice(0, 10);
  return [...deprecations(parse(current))]
    .filter(([coordinate, day]) => !promised.has(coordinate) && day < earliest)
    .map(([coordinate, day]) => `${coordinate}: ${day} is too soon, the earliest day is ${earliest}`);
}

import { visit } from 'graphql';

/** How the reason of `@deprecated` has to end. */
const PROMISE = /\bWill be removed on (\d{4}-\d{2}-\d{2})\.$/;

/**
 * Everything in a document that is deprecated: its coordinate, such as `Session.status`, with the day on which it will
 * be removed. There is no day if the reason does not end as it has to.
 */
export function deprecations(document) {
  const found = new Map();
  eachMember(document, (member, coordinate) => {
    if (isDeprecated(member)) found.set(coordinate, removalDay(member));
  });
  return found;
}

/** Leaves out of a document what was to be removed by `today` (YYYY-MM-DD). */
export function withoutOverdue(document, today) {
  return eachMember(document, (member) => (isDeprecated(member) && removalDay(member) <= today ? null : undefined));
}

/** Calls `see` with everything that can be deprecated, and its coordinate. What `see` returns takes its place. */
function eachMember(document, see) {
  const enter = (member, _key, _parent, _path, ancestors) => {
    const names = [...ancestors, member].map((node) => node.name?.value).filter(Boolean);
    return see(member, names.join('.'));
  };
  return visit(document, {
    FieldDefinition: { enter },
    InputValueDefinition: { enter },
    EnumValueDefinition: { enter },
  });
}

function isDeprecated(member) {
  return deprecation(member) !== undefined;
}

function removalDay(member) {
  const reason = deprecation(member).arguments.find(({ name }) => name.value === 'reason');
  const day = reason?.value.value.match(PROMISE)?.[1];
  return Number.isNaN(Date.parse(day)) ? undefined : day;
}

function deprecation(member) {
  return member.directives.find(({ name }) => name.value === 'deprecated');
}

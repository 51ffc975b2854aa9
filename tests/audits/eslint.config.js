import graphql from '@graphql-eslint/eslint-plugin';

import { SCHEMA } from './paths.js';

const { 'flat/schema-recommended': recommended, 'flat/schema-relay': relay } = graphql.configs;

// Edges that lead to what nobody fetches by itself, so that it is no Node: entries of the audit log, members and agents of a project,
// transfers of a session, versions of a policy, and steps of a ticket or a clock. All other edges do.
const TO_NO_NODE = [
  'AuditEntryEdge',
  'ProjectAgentEdge',
  'ProjectMemberEdge',
  'SessionTransferEdge',
  'SlaClockChangeEdge',
  'SlaPolicyEdge',
  'TicketEntryEdge',
];

const edgeTypes = graphql.rules['relay-edge-types'];
const edgesToNodes = {
  ...edgeTypes,
  create(context) {
    const report = (problem) => {
      const isAboutNodes = problem.messageId === 'MESSAGE_SHOULD_IMPLEMENTS_NODE';
      if (!isAboutNodes || !TO_NO_NODE.includes(problem.node.value)) context.report(problem);
    };
    return edgeTypes.create(Object.create(context, { report: { value: report } }));
  },
};

export default [
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': graphql, desk: { rules: { 'relay-edge-types': edgesToNodes } } },
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: SCHEMA.pathname } } },
    rules: {
      ...recommended.rules,
      ...relay.rules,
      '@graphql-eslint/relay-edge-types': 'off',

      // The rule wants an id on every object, so that caches can tell objects apart. Types that belong to the answer
      // they are in, and that no one could ask for again, have none.
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          exceptions: {
            suffixes: [
              // What came of one mutation.
              'Payload',
              'Error',
              // Places in a list, which have cursors.
              'Connection',
              'Edge',
              // What happened to an object: the object has the id, and the event a cursor.
              'Added',
              'Opened',
              'Updated',
              'Removed',
            ],
            types: [
              'PageInfo',
              // What was done: an entry of the log that never changes.
              'AuditEntry',
              // What the desk decided about a session.
              'RoutingGrounds',
              // An event about the log itself.
              'ResyncRequired',
              // What the caller has left to spend, at this moment.
              'RateLimit',
              // What the caller is shown before sending it.
              'CannedReplyPreview',
              'TriggerStatistics',
              // What a project promises, whose versions count within it, and what came of it or would have.
              'SlaPolicy',
              'SlaTargets',
              'SlaTypeTargets',
              'SlaPriorityLevel',
              'SlaPriorityLevels',
              'SlaOpeningTime',
              'SlaClockChange',
              'SlaSegment',
              'SlaSimulation',
              'SlaSimulationRow',
              'SlaTally',
              'KnowledgeAnswer',
              'KnowledgeStatistics',
              'Statistics',
              'StatisticsFigures',
              'AgentStatistics',
              'TeamStatistics',
              'SupervisorStatistics',
              'RatingStatistics',
              'TimeSpread',
              'EscalationReasonCount',
              'SlaCompliance',
              'TelegramStatus',
              // Parts of a message.
              'Media',
              'MessageButton',
              'MessageButtonPress',
              'MessageContact',
              'MessageChange',
              'MessageDelivery',
              'MessageDice',
              'MessageEntity',
              // What belongs to a team, an agent or a bot.
              'InvitationProject',
              'ProjectMember',
              'Seats',
              'TeamGroup',
              'StaffLink',
              'LinkInvitation',
              'BotText',
              'BotCommand',
              // What belongs to a customer or to all of a project.
              'AttributeDefinition',
              'CustomerAttribute',
              'CustomerAttributesSetResult',
              'CustomerNight',
              'ProjectNight',
              'ProjectRating',
              'ChatTheme',
              // What an answer to a customer has brought with it.
              'MessageSendWarning',
              // What belongs to a session or to all of them.
              'SessionFollowUp',
              'SessionRating',
              'RatingCredit',
              // What belongs to the routing of a project.
              'PresenceChanged',
              'ProjectAgent',
              'ProjectRouting',
              'RoutingAttributeCondition',
              'RoutingCondition',
              'RoutingScope',
              'TypingChanged',
              'SessionLife',
              'SessionResolution',
              // Where something was found.
              'SearchSnippet',
              'TextRange',
              'SessionTransfer',
              // What belongs to a ticket or to an escalation, and how many of these there were.
              'EscalationDraft',
              'EscalationPacket',
              'EscalationRate',
              'EscalationRateOfAgent',
              'EscalationRateOfTrigger',
              'EscalationShare',
              'EscalationStatistics',
              'TicketEntry',
              'SessionsBulkResult',
              'MessageForward',
              'MessageLocation',
              'MessagePoll',
              'MessagePollOption',
              'MessageQuote',
              'MessageReaction',
              'MessageService',
              'MessageSticker',
              'MessageStory',
              'MessageUnsupported',
              'MessageVenue',
              'MessageWriter',
            ],
          },
        },
      ],

      // The rule wants lists to hold edges and nothing else. Here `nodes` stands beside `edges` in each connection, for
      // those who need no cursors, and some lists are no pages of anything: user errors, the entities of a message.
      'desk/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
    },
  },
];

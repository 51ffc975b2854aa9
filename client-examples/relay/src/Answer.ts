import { graphql } from 'relay-runtime';

/** Answers a customer. Expected refusals are in `userErrors`, not in the errors of the request. */
export const AnswerMutation = graphql`
  mutation AnswerMutation($input: MessageSendInput!) {
    messageSend(input: $input) {
      message {
        id
        delivery {
          state
        }
        session {
          ...SessionRow_session
        }
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`;

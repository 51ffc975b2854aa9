const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { accessToken refreshToken userErrors { message } }
}`;

const TOKEN_REFRESH = `mutation TokenRefresh($input: TokenRefreshInput!) {
  tokenRefresh(input: $input) { accessToken refreshToken userErrors { message } }
}`;

/** Someone who is signed in to a desk: keeps the tokens, renews them, and sends what needs them. */
export class Session {
  #endpoint;
  #tokens;
  #renewal = null;
  #ended = false;

  static async signIn(url, email, password) {
    const endpoint = new URL('/graphql', url);
    const { signIn } = await dataOf(await post(endpoint, { query: SIGN_IN, variables: { input: { email, password } } }));
    return new Session(endpoint, granted(signIn));
  }

  /** Goes on with tokens that were kept from before, in a browser for example while its page was loaded again. */
  constructor(endpoint, tokens) {
    this.#endpoint = endpoint;
    this.#tokens = tokens;
  }

  get endpoint() {
    return this.#endpoint;
  }

  get tokens() {
    return { ...this.#tokens };
  }

  /** Whether it could not be renewed: another attempt is of no use before someone has signed in again. */
  get ended() {
    return this.#ended;
  }

  /**
   * The access token to use now. Give the one that the server has just refused, so that it is renewed. A refresh token
   * can be used once, which is why all who need the next access token wait for the same renewal.
   */
  async accessToken(refused) {
    if (this.#tokens.accessToken === refused) await (this.#renewal ??= this.#renew());
    return this.#tokens.accessToken;
  }

  /** Does what `fetch` does, signed in: an answer of 401 renews the token, and the request is sent again. */
  fetch = async (url, options = {}) => {
    const send = (token) => fetch(url, { ...options, headers: { ...options.headers, authorization: `Bearer ${token}` } });
    const token = await this.accessToken();
    const response = await send(token);
    return response.status === 401 ? send(await this.accessToken(token)) : response;
  };

  /** Executes a query or a mutation and returns its data. */
  async request(query, variables) {
    return dataOf(await post(this.#endpoint, { query, variables }, this.fetch));
  }

  async #renew() {
    const { refreshToken } = this.#tokens;
    try {
      const response = await post(this.#endpoint, { query: TOKEN_REFRESH, variables: { input: { refreshToken } } });
      const { tokenRefresh } = await dataOf(response);
      this.#ended = tokenRefresh.userErrors.length > 0;
      this.#tokens = granted(tokenRefresh);
    } finally {
      this.#renewal = null;
    }
  }
}

function post(endpoint, operation, send = fetch) {
  return send(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify(operation),
  });
}

async function dataOf(response) {
  const { data, errors } = await response.json();
  // An error has a `code` to decide by and a `requestId` to find it in the log of the server.
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

function granted({ accessToken, refreshToken, userErrors }) {
  if (userErrors.length > 0) throw new Error(userErrors[0].message);
  return { accessToken, refreshToken };
}

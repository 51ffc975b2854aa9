//! The one route for all HTTP methods.

use std::sync::Arc;

use async_graphql::{Executor, ServerError, parser::types::OperationType};
use axum::{
    Extension,
    extract::{ConnectInfo, FromRequestParts as _, Request, State, WebSocketUpgrade},
    response::Response,
};
use http::{HeaderMap, Method, header, request::Parts};

use super::{
    accept::{Accept, MediaType},
    body, content_type,
    preflight::require_preflight,
    refusal::Refusal,
    respond,
};
use crate::transport::{
    authentication::{Caller, bearer_of},
    client_address::ClientAddress,
    endpoint::Endpoint,
    execution,
    operation::Operation,
    parameters::Parameters,
    peer_progress::PeerProgress,
    persisted::{Candidate, DocumentReference},
    request_id::RequestId,
    result::OperationResult,
    sse, websocket,
};

/// Answers any request to `/graphql`.
pub(in crate::transport) async fn graphql<E: Executor>(
    State(endpoint): State<Arc<Endpoint<E>>>,
    Extension(request_id): Extension<RequestId>,
    request: Request,
) -> Response {
    let accept = Accept::of(request.headers());
    // A refusal is JSON, even where the client hoped for a stream or for something that the server does not have.
    let refusal_type = accept.for_result().filter(|accepted| *accepted != MediaType::EventStream);
    let address = client_address(&endpoint, &request);
    let answer = match *request.method() {
        Method::GET if is_upgrade(request.headers()) => upgrade(endpoint, request, address, &request_id).await,
        Method::GET => get(&endpoint, accept, request, address, &request_id).await,
        Method::POST => post(&endpoint, accept, request, address, &request_id).await,
        _ => Err(Refusal::method_not_allowed()),
    };
    answer.unwrap_or_else(|refusal| respond::refusal(refusal, refusal_type.unwrap_or(MediaType::Json), &request_id))
}

async fn post<E: Executor>(
    endpoint: &Endpoint<E>,
    accept: Accept,
    request: Request,
    address: ClientAddress,
    request_id: &RequestId,
) -> Result<Response, Refusal> {
    let media_type = accept.for_result().ok_or_else(Refusal::not_acceptable)?;
    let (Parts { headers, .. }, body) = request.into_parts();
    content_type::require_json(&headers)?;
    let body = body::read(&headers, body, &endpoint.settings).await?;
    let parameters = Parameters::from_body(&body)?;
    let caller = authenticate(endpoint, &headers, address).await?;

    let (operation, candidate) = match prepare(endpoint, parameters, &caller) {
        Ok(prepared) => prepared,
        Err(error) => return Ok(refused(OperationResult::refused(error, request_id), media_type)),
    };
    let media_type = match operation.kind {
        OperationType::Subscription if accept.event_stream() => MediaType::EventStream,
        OperationType::Subscription => return Err(Refusal::subscription_needs_stream()),
        _ => media_type,
    };
    Ok(execute(endpoint, operation, candidate, &caller, media_type, request_id).await)
}

async fn get<E: Executor>(
    endpoint: &Endpoint<E>,
    accept: Accept,
    request: Request,
    address: ClientAddress,
    request_id: &RequestId,
) -> Result<Response, Refusal> {
    let media_type = accept.for_result().ok_or_else(Refusal::not_acceptable)?;
    require_preflight(request.headers())?;
    let parameters = Parameters::from_query_string(request.uri().query().unwrap_or_default())?;
    let caller = authenticate(endpoint, request.headers(), address).await?;

    let (operation, candidate) = match prepare(endpoint, parameters, &caller) {
        Ok(prepared) => prepared,
        Err(error) => return Ok(refused(OperationResult::refused(error, request_id), media_type)),
    };
    if operation.kind != OperationType::Query {
        return Err(Refusal::only_queries_by_get());
    }
    Ok(execute(endpoint, operation, candidate, &caller, media_type, request_id).await)
}

async fn upgrade<E: Executor>(
    endpoint: Arc<Endpoint<E>>,
    request: Request,
    address: ClientAddress,
    request_id: &RequestId,
) -> Result<Response, Refusal> {
    if !endpoint.settings.allowed_origins.permit(request.headers()) {
        return Err(Refusal::foreign_origin());
    }
    let (mut parts, _) = request.into_parts();
    let handshake = WebSocketUpgrade::from_request_parts(&mut parts, &())
        .await
        .map_err(|rejection| Refusal::failed_upgrade(rejection.body_text()))?;
    let progress = parts.extensions.remove::<PeerProgress>().unwrap_or_default();
    let mut response = websocket::accept(endpoint, handshake, address, request_id.clone(), progress);
    // The spelling of the client's header names is among these. Python's `gql` needs it to find the subprotocol.
    response.extensions_mut().extend(parts.extensions);
    Ok(response)
}

fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Without the address of the peer, which the server attaches to each connection, there is only the unspecified one.
fn client_address<E>(endpoint: &Endpoint<E>, request: &Request) -> ClientAddress {
    let peer = request.extensions().get().map(|ConnectInfo(peer)| *peer);
    ClientAddress::of(peer, request.headers(), &endpoint.settings.trusted_proxies)
}

async fn authenticate<E>(
    endpoint: &Endpoint<E>,
    headers: &HeaderMap,
    address: ClientAddress,
) -> Result<Caller, Refusal> {
    Ok(endpoint.authenticator.authenticate(bearer_of(headers)?).await?.at(address))
}

/// The operation that the parameters ask for, and its document if that is to be kept.
fn prepare<E>(
    endpoint: &Endpoint<E>,
    parameters: Parameters<DocumentReference>,
    caller: &Caller,
) -> Result<(Operation, Option<Candidate>), ServerError> {
    let (parameters, candidate) = endpoint.documents.find(parameters, caller)?;
    Ok((Operation::prepare(parameters, &endpoint.settings, &endpoint.shape)?, candidate))
}

async fn execute<E: Executor>(
    endpoint: &Endpoint<E>,
    mut operation: Operation,
    candidate: Option<Candidate>,
    caller: &Caller,
    media_type: MediaType,
    request_id: &RequestId,
) -> Response {
    if let Err(error) = operation.charge(endpoint, caller) {
        let media_type = if media_type == MediaType::EventStream { MediaType::Json } else { media_type };
        return respond::result(OperationResult::refused(error, request_id), media_type);
    }
    if media_type == MediaType::EventStream {
        let events = Candidate::watch(candidate, execution::run(endpoint, operation, caller, request_id.clone()));
        return sse::respond(events, endpoint, caller, request_id.clone());
    }
    let result = execution::run_once(endpoint, operation, caller, request_id).await;
    Candidate::settle(candidate, &result);
    respond::result(result, media_type)
}

/// A GraphQL refusal in the media type that was asked for. The stream protocol wants it as an event.
fn refused(result: OperationResult, media_type: MediaType) -> Response {
    match media_type {
        MediaType::EventStream => sse::refuse(&result),
        _ => respond::result(result, media_type),
    }
}

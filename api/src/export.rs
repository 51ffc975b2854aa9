//! `GET /customers/{id}/export`: everything that the desk has of a customer, as one JSON document.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use desk::{Desk, Rejected};
use domain::CustomerId;
use http::request::Parts;
use http::{HeaderValue, header};

use crate::caller::{Tokens, identity};
use crate::files::Refusal;
use crate::schema::id;
use crate::transport::{Caller, Reception, RequestId, bearer_of};

/// What an export costs, in points.
const POINTS: u32 = 100;

/// What the route works with.
pub(crate) struct Export {
    pub(crate) desk: Desk,
    pub(crate) tokens: Tokens,
    pub(crate) reception: Reception,
}

/// The route.
pub(crate) fn router(export: Export) -> Router {
    let reception = export.reception.clone();
    let routes = Router::new().route("/customers/{customer}/export", get(download)).with_state(Arc::new(export));
    reception.in_front_of(routes)
}

async fn download(
    State(export): State<Arc<Export>>,
    Extension(request_id): Extension<RequestId>,
    Path(customer): Path<String>,
    request: Request,
) -> Response {
    let (request, _) = request.into_parts();
    export.hand_out(&customer, &request).await.unwrap_or_else(|refusal| refusal.into_response(&request_id))
}

impl Export {
    async fn hand_out(&self, customer: &str, request: &Parts) -> Result<Response, Refusal> {
        let token = bearer_of(&request.headers)?.ok_or_else(Refusal::unauthenticated)?;
        let credential = self.tokens.credential(token).await?.0;
        let actor = self.desk.actor(credential).await?;
        let address = self.reception.address(&request.extensions, &request.headers);
        self.reception.charge(&Caller::new().identified_by(identity(credential)).at(address), POINTS)?;
        let id = id::parse::<CustomerId>(customer)?;
        let document = self.desk.customer_export(&actor, id).await.map_err(|rejected| match rejected {
            Rejected::Refused(refusal) => Refusal::from(refusal),
            Rejected::Failed(error) => error.into(),
        })?;
        let mut response = Response::new(Body::from_stream(document));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"customer.json\""));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        Ok(response)
    }
}

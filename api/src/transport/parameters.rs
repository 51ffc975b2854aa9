//! The parameters of a GraphQL request: `query` or `documentId`, `operationName`, `variables` and `extensions`.

use async_graphql::{Extensions, Variables};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use thiserror::Error;

use super::{
    code::ErrorCode,
    persisted::{DocumentReference, ReferenceError},
};

/// Well-formed parameters. Whether they make sense is not known yet.
///
/// They come with a [`DocumentReference`] as their query, and get the document itself when it was found.
#[derive(Debug, Default)]
pub(super) struct Parameters<Query = String> {
    pub(super) query: Query,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
    pub(super) extensions: Extensions,
}

/// Why a request has no well-formed parameters.
#[derive(Debug, PartialEq, Eq, Error)]
pub(super) enum ParametersError {
    #[error("The request has no body. Send a JSON object with a `query`.")]
    Empty,
    #[error("The request is not UTF-8 text. Send JSON in UTF-8.")]
    NotUtf8,
    #[error("The request is not valid JSON: look at line {line}, column {column}.")]
    NotJson { line: usize, column: usize },
    #[error("Batches are not supported. Send one JSON object with one `query` in each request.")]
    Batch,
    #[error("The request must be a JSON object with a `query`.")]
    NotAnObject,
    #[error("Each of `query`, `documentId`, `operationName`, `variables` and `extensions` may be given only once.")]
    Repeated,
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    #[error("`{parameter}` must be {expected}.")]
    WrongType { parameter: &'static str, expected: &'static str },
    #[error("`{0}` holds a number out of range or more than 128 levels of nesting.")]
    Unreadable(&'static str),
}

impl ParametersError {
    pub(super) fn code(&self) -> ErrorCode {
        ErrorCode::BadRequest
    }
}

/// The parameters as yet unread. `null` is the same as absent, as the GraphQL-over-HTTP specification has it.
#[derive(Deserialize)]
struct Unread<'a> {
    #[serde(borrow, default)]
    query: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "documentId")]
    document_id: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "operationName")]
    operation_name: Option<&'a RawValue>,
    #[serde(borrow, default)]
    variables: Option<&'a RawValue>,
    #[serde(borrow, default)]
    extensions: Option<&'a RawValue>,
}

impl Parameters<DocumentReference> {
    /// Reads the body of a POST request.
    pub(super) fn from_body(body: &[u8]) -> Result<Self, ParametersError> {
        let json = std::str::from_utf8(body).map_err(|_| ParametersError::NotUtf8)?;
        Self::from_json(json)
    }

    /// Reads a JSON object, such as the payload of a `subscribe` message.
    pub(super) fn from_json(json: &str) -> Result<Self, ParametersError> {
        match json.trim_ascii_start().bytes().next() {
            None => return Err(ParametersError::Empty),
            Some(b'[') => return Err(ParametersError::Batch),
            Some(_) => {}
        }
        let unread: Unread<'_> = serde_json::from_str(json).map_err(|error| match error.classify() {
            serde_json::error::Category::Data if json.trim_ascii_start().starts_with('{') => ParametersError::Repeated,
            serde_json::error::Category::Data => ParametersError::NotAnObject,
            _ => ParametersError::NotJson { line: error.line(), column: error.column() },
        })?;
        let extensions: Extensions = read_object("extensions", unread.extensions)?;
        let query = read_string("query", unread.query)?;
        let document_id = read_string("documentId", unread.document_id)?;
        Ok(Self {
            query: DocumentReference::of(query, document_id, &extensions)?,
            operation_name: named(read_string("operationName", unread.operation_name)?),
            variables: read_object("variables", unread.variables)?,
            extensions,
        })
    }

    /// Reads the query string of a GET request, in which objects are JSON text.
    pub(super) fn from_query_string(query_string: &str) -> Result<Self, ParametersError> {
        let (mut query, mut document_id) = (None, None);
        let (mut operation_name, mut variables, mut extensions) = (None, None, None);
        for (name, value) in form_urlencoded::parse(query_string.as_bytes()) {
            let parameter = match &*name {
                "query" => &mut query,
                "documentId" => &mut document_id,
                "operationName" => &mut operation_name,
                "variables" => &mut variables,
                "extensions" => &mut extensions,
                _ => continue,
            };
            if parameter.replace(value.into_owned()).is_some() {
                return Err(ParametersError::Repeated);
            }
        }
        let extensions: Extensions = parse_object("extensions", extensions)?;
        Ok(Self {
            query: DocumentReference::of(query, document_id, &extensions)?,
            operation_name: named(operation_name),
            variables: parse_object("variables", variables)?,
            extensions,
        })
    }

    /// What the query refers to, and the other parameters.
    pub(super) fn split(self) -> (DocumentReference, Parameters) {
        let Self { query, operation_name, variables, extensions } = self;
        (query, Parameters { query: String::new(), operation_name, variables, extensions })
    }
}

/// An empty name names no operation; some clients send one instead of leaving it out.
fn named(operation_name: Option<String>) -> Option<String> {
    operation_name.filter(|name| !name.is_empty())
}

fn read_string(parameter: &'static str, value: Option<&RawValue>) -> Result<Option<String>, ParametersError> {
    value
        .map(|raw| serde_json::from_str(raw.get()))
        .transpose()
        .map_err(|_| ParametersError::WrongType { parameter, expected: "a string" })
}

fn read_object<T>(parameter: &'static str, value: Option<&RawValue>) -> Result<T, ParametersError>
where
    T: DeserializeOwned + Default,
{
    let Some(raw) = value else { return Ok(T::default()) };
    if !raw.get().starts_with('{') {
        return Err(ParametersError::WrongType { parameter, expected: "a JSON object or null" });
    }
    serde_json::from_str(raw.get()).map_err(|_| ParametersError::Unreadable(parameter))
}

fn parse_object<T>(parameter: &'static str, text: Option<String>) -> Result<T, ParametersError>
where
    T: DeserializeOwned + Default,
{
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(T::default()) };
    let wrong_type = |_| ParametersError::WrongType { parameter, expected: "a JSON object or null" };
    let value: Option<&RawValue> = serde_json::from_str(&text).map_err(wrong_type)?;
    read_object(parameter, value)
}

#[cfg(test)]
mod tests {
    use super::{DocumentReference, Parameters};

    fn text(query: &str) -> DocumentReference {
        DocumentReference::Text(query.into())
    }

    fn refused(body: &[u8]) -> String {
        Parameters::from_body(body).unwrap_err().to_string()
    }

    #[test]
    fn null_is_the_same_as_absent() {
        let body = br#"{"query":"{a}","operationName":null,"variables":null,"extensions":null}"#;
        let parameters = Parameters::from_body(body).unwrap();
        assert_eq!(parameters.query, text("{a}"));
        assert_eq!(parameters.operation_name, None);
        assert!(parameters.variables.is_empty() && parameters.extensions.is_empty());
    }

    #[test]
    fn unknown_parameters_are_ignored() {
        assert!(Parameters::from_body(br#" {"query":"{a}","id":7,"x":[1]}"#).is_ok());
    }

    #[test]
    fn each_malformed_body_has_its_own_message() {
        let cases: [(&[u8], &str); 14] = [
            (b"", "no body"),
            (b" \n", "no body"),
            (b"{\"query\":\"\xff\"}", "UTF-8"),
            (b"{ \"not a JSON", "line 1"),
            (b"{\"query\":\"{a}\"} x", "line 1, column 17"),
            (b"[{\"query\":\"{a}\"}]", "Batches"),
            (b"\"{a}\"", "JSON object"),
            (b"7", "JSON object"),
            (b"{\"query\":\"{a}\",\"query\":\"{b}\"}", "only once"),
            (b"{}", "`query` is missing"),
            (b"{\"query\":7}", "`query` must be a string"),
            (b"{\"query\":\"{a}\",\"operationName\":[]}", "`operationName` must be a string"),
            (b"{\"query\":\"{a}\",\"variables\":[1]}", "`variables` must be a JSON object"),
            (b"{\"query\":\"{a}\",\"extensions\":\"x\"}", "`extensions` must be a JSON object"),
        ];
        for (body, expected) in cases {
            let message = refused(body);
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn nesting_that_would_exhaust_the_stack_is_refused() {
        let body = format!(r#"{{"query":"{{a}}","variables":{{"a":{}1{}}}}}"#, "[".repeat(9_999), "]".repeat(9_999));
        assert!(refused(body.as_bytes()).contains("128 levels"));
    }

    #[test]
    fn a_document_can_be_named_instead_of_being_sent() {
        let named = DocumentReference::Id("7".into());
        assert_eq!(Parameters::from_body(br#"{"documentId":"7","query":null}"#).unwrap().query, named);
        assert_eq!(Parameters::from_query_string("documentId=7").unwrap().query, named);
        let hashed = DocumentReference::Hash { hash: "ab".into(), text: None };
        let body = br#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}"#;
        assert_eq!(Parameters::from_body(body).unwrap().query, hashed);
        let query_string = "extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22ab%22%7D%7D";
        assert_eq!(Parameters::from_query_string(query_string).unwrap().query, hashed);
        assert!(refused(br#"{"documentId":7}"#).contains("`documentId` must be a string"));
        assert!(refused(br#"{"documentId":"7","query":"{a}"}"#).contains("Leave out `query`"));
    }

    #[test]
    fn a_query_string_carries_objects_as_json() {
        let parameters =
            Parameters::from_query_string("query=%7Ba%7D&variables=%7B%22n%22%3A1%7D&operationName=&x=1").unwrap();
        assert_eq!(parameters.query, text("{a}"));
        assert_eq!(parameters.variables.len(), 1);
        assert_eq!(parameters.operation_name, None);
        for query_string in ["query=a&query=b", "variables=%7B%7D", "query=a&variables=7", "query=a&variables=%7B"] {
            assert!(Parameters::from_query_string(query_string).is_err(), "{query_string}");
        }
    }
}

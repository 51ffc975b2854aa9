//! What stands between the internet and the server: a reverse proxy that a test can have go wrong.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

use crate::http_thread;

/// A reverse proxy on a port of its own, known before the server behind it has one. It remembers what came in and how
/// it was answered.
///
/// It lives in the runtime of the test that started it and ends when it is dropped.
#[derive(Debug)]
pub struct Ingress {
    address: SocketAddr,
    state: Arc<State>,
    _accepting: AbortOnDropHandle<()>,
}

/// A request that came in.
#[derive(Debug, Clone)]
pub struct Passage {
    /// The method.
    pub method: Method,
    /// The path and the query.
    pub target: String,
    /// The headers, without those of the connection.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// What the server answered; nothing as long as it has not.
    pub answer: Option<StatusCode>,
}

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// It reaches the server, and the answer is lost on its way back.
    LoseAnswer,
    /// It reaches the server twice. The caller gets the second answer.
    Repeat,
}

#[derive(Debug, Default)]
struct State {
    http: reqwest::Client,
    changing: Mutex<Changing>,
}

#[derive(Debug, Default)]
struct Changing {
    server_url: Option<String>,
    mishaps: VecDeque<Mishap>,
    passages: Vec<Passage>,
}

impl Ingress {
    /// Starts one that leads nowhere yet: it answers 502.
    ///
    /// # Panics
    /// When no local port can be had.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("the system has a free local port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let state = Arc::new(State::default());
        let accepting = tokio::spawn(accept(listener, Arc::clone(&state)));
        Self { address, state, _accepting: AbortOnDropHandle::new(accepting) }
    }

    /// Its address, for `SWITCHBOARD_PUBLIC_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Passes requests on to the server at `url` from now on.
    pub fn lead_to(&self, url: &str) {
        self.state.changing().server_url = Some(url.to_owned());
    }

    /// Passes nothing on until it leads somewhere again: the port of a process that is gone may be somebody else's.
    pub fn lead_nowhere(&self) {
        self.state.changing().server_url = None;
    }

    /// Lets this happen to the next request that no other mishap waits for.
    pub fn inject(&self, mishap: Mishap) {
        self.state.changing().mishaps.push_back(mishap);
    }

    /// Every request as it was passed on, oldest first. One that was repeated is there twice.
    pub fn passages(&self) -> Vec<Passage> {
        self.state.changing().passages.clone()
    }
}

impl Passage {
    /// Sends the same request to a server again; a test may have changed it.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send_to(&self, server_url: &str) -> reqwest::Result<reqwest::Response> {
        reqwest::Client::new().execute(self.request(server_url)?).await
    }

    fn request(&self, server_url: &str) -> reqwest::Result<reqwest::Request> {
        let url = format!("{server_url}{}", self.target);
        let request = reqwest::Client::new().request(self.method.clone(), url);
        request.headers(self.headers.clone()).body(self.body.clone()).build()
    }
}

impl State {
    fn changing(&self) -> MutexGuard<'_, Changing> {
        // Each change is a single assignment or push, so that a panic cannot leave half of one.
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes a request on. Nothing comes back when the answer is to be lost.
    async fn pass(&self, passage: Passage) -> Option<StatusCode> {
        match self.next_mishap() {
            None => Some(self.forward(passage).await),
            Some(Mishap::LoseAnswer) => {
                self.forward(passage).await;
                None
            }
            Some(Mishap::Repeat) => {
                self.forward(passage.clone()).await;
                Some(self.forward(passage).await)
            }
        }
    }

    fn next_mishap(&self) -> Option<Mishap> {
        self.changing().mishaps.pop_front()
    }

    async fn forward(&self, passage: Passage) -> StatusCode {
        let (request, place) = {
            let mut changing = self.changing();
            let request = changing.server_url.as_ref().map(|url| passage.request(url));
            changing.passages.push(passage);
            (request, changing.passages.len() - 1)
        };
        let answer = match request {
            Some(Ok(request)) => {
                let http = self.http.clone();
                http_thread::run(async move { http.execute(request).await.ok().map(|response| response.status()) })
                    .await
            }
            _ => None,
        };
        self.changing().passages[place].answer = answer;
        answer.unwrap_or(StatusCode::BAD_GATEWAY)
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    // The connections end with the proxy, because the set of their tasks is dropped with this one.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            let state = Arc::clone(&state);
            // How a connection ended does not matter: the caller sees it closed.
            connections.spawn(async move { serve(stream, &state).await.ok() });
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Serves one request; the caller makes a new connection for the next.
async fn serve(stream: TcpStream, state: &State) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let Some(passage) = read_request(&mut stream).await? else { return Ok(()) };
    let Some(status) = state.pass(passage).await else { return Ok(()) };
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// Reads a request with a body of known length; nothing if the connection ends before it.
async fn read_request(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Passage>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let malformed = || io::Error::from(io::ErrorKind::InvalidData);
    let mut words = line.split_ascii_whitespace();
    let method = words.next().and_then(|method| method.parse().ok()).ok_or_else(malformed)?;
    let target = words.next().ok_or_else(malformed)?.to_owned();

    let mut headers = HeaderMap::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().map_err(|_| malformed())?,
            "host" | "connection" => {}
            name => {
                let name = HeaderName::try_from(name).map_err(|_| malformed())?;
                headers.insert(name, HeaderValue::from_str(value.trim()).map_err(|_| malformed())?);
            }
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some(Passage { method, target, headers, body, answer: None }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How an ingress answers a request.
    async fn reach(ingress: &Ingress) -> reqwest::Result<StatusCode> {
        let request =
            reqwest::Client::new().post(format!("{}/hook?x=1", ingress.url())).header("secret", "s").body("b");
        Ok(request.send().await?.status())
    }

    /// An ingress that leads to another one, which leads nowhere and so answers 502.
    async fn chain() -> (Ingress, Ingress) {
        let (outer, inner) = (Ingress::start().await, Ingress::start().await);
        outer.lead_to(&inner.url());
        (outer, inner)
    }

    #[tokio::test]
    async fn a_request_is_passed_on_as_it_came() {
        let (outer, inner) = chain().await;
        assert_eq!(reach(&outer).await.unwrap(), 502);
        let [passage] = inner.passages().try_into().unwrap();
        assert_eq!(
            (passage.method, passage.target.as_str(), passage.body.as_slice()),
            (Method::POST, "/hook?x=1", &b"b"[..])
        );
        assert_eq!(passage.headers["secret"], "s");
        assert_eq!(passage.answer, None);
        assert_eq!(outer.passages()[0].answer, Some(StatusCode::BAD_GATEWAY));
    }

    #[tokio::test]
    async fn a_lost_answer_looks_like_a_broken_connection_after_the_work_was_done() {
        let (outer, inner) = chain().await;
        outer.inject(Mishap::LoseAnswer);
        reach(&outer).await.unwrap_err();
        assert_eq!(inner.passages().len(), 1);
    }

    #[tokio::test]
    async fn a_repeated_request_arrives_twice() {
        let (outer, inner) = chain().await;
        outer.inject(Mishap::Repeat);
        reach(&outer).await.unwrap();
        reach(&outer).await.unwrap();
        assert_eq!(inner.passages().len(), 3);
    }
}

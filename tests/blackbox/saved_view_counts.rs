//! The numbers of saved views are those of their lists, whatever happens, and are told as they change.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::graphql::{Ending, Subscription};
use tests::{Client, Engine, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, client_at, customer_writes, id_of, mutate, reply, sandbox, sessions, until_session, until_written,
};

const COUNTS: &str = "subscription Counts($id: ID!) { savedViewCounts(projectId: $id) { name count version } }";

/// Who looks at the numbers, and what they were told of them.
struct Looker {
    client: Client,
    project: String,
    live: Subscription,
    told: BTreeMap<String, Value>,
}

impl Looker {
    async fn new(client: &Client, project: &str) -> Self {
        let live = client.subscribe(COUNTS, json!({ "id": project })).await;
        Self { client: client.clone(), project: project.to_owned(), live, told: BTreeMap::new() }
    }

    /// The number of each view; it is that of its list, and it is told.
    async fn numbers(&mut self) -> BTreeMap<String, Value> {
        let document =
            "query Views($id: ID!) { savedViews(projectId: $id) { name count sessions(first: 1) { totalCount } } }";
        let data = self.client.query(document, json!({ "id": self.project })).await;
        let mut numbers = BTreeMap::new();
        for view in data["savedViews"].as_array().unwrap() {
            assert_eq!(view["count"], view["sessions"]["totalCount"], "{view}");
            numbers.insert(view["name"].as_str().unwrap().to_owned(), view["count"].clone());
        }
        while numbers.iter().any(|(name, count)| self.told.get(name) != Some(count)) {
            self.hear().await;
        }
        numbers
    }

    /// Waits until the number of a view is told.
    async fn until_told(&mut self, name: &str, count: i64) {
        while self.told.get(name) != Some(&json!(count)) {
            self.hear().await;
        }
    }

    async fn hear(&mut self) {
        let view = self.live.next_within(PATIENCE).await["savedViewCounts"].take();
        self.told.insert(view["name"].as_str().unwrap().to_owned(), view["count"].clone());
    }
}

fn expected(numbers: &[(&str, i64)]) -> BTreeMap<String, Value> {
    numbers.iter().map(|(name, number)| ((*name).to_owned(), json!(number))).collect()
}

async fn save(client: &Client, project: &str, name: &str, filter: Value, shared: bool) {
    let input = json!({ "projectId": project, "name": name, "filter": filter, "shared": shared });
    mutate(client, "savedViewCreate", input, "savedView { id }").await;
}

async fn tag(client: &Client, project: &str, name: &str) -> Value {
    let input = json!({ "projectId": project, "name": name, "color": "#d93025" });
    mutate(client, "tagCreate", input, "tag { id }").await["tag"]["id"].take()
}

on_both_engines! {
    async fn numbers_follow_whatever_happens(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let (blue, green) = (tag(&desk.admin, &project, "Blue").await, tag(&desk.admin, &project, "Green").await);
        save(&desk.admin, &project, "All", json!({}), true).await;
        save(&desk.admin, &project, "Unseen", json!({ "unread": true }), true).await;
        save(&desk.admin, &project, "Open", json!({ "status": { "in": ["UNREAD", "PROCESSING", "FOLLOW_UP"] } }), true).await;
        save(&desk.admin, &project, "Blue", json!({ "tagId": { "eq": blue } }), true).await;
        save(&desk.admin, &project, "Green", json!({ "tagId": { "eq": green } }), true).await;
        let mut lookers = [Looker::new(&desk.admin, &project).await, Looker::new(&ada, &project).await];
        let mut look = async |what: &str, all: &[(&str, i64)], adas: &[(&str, i64)]| {
            for (looker, numbers) in lookers.iter_mut().zip([all, adas]) {
                assert_eq!(looker.numbers().await, expected(numbers), "{what}");
            }
        };

        let none = [("All", 0), ("Unseen", 0), ("Open", 0), ("Blue", 0), ("Green", 0)];
        look("nothing", &none, &none).await;
        for customer in [7, 8] {
            customer_writes(&desk.admin, &project, customer, "hello").await;
        }
        let first = until_session(&desk.admin, &project, 7).await;
        let second = until_session(&desk.admin, &project, 8).await;
        let two = [("All", 2), ("Unseen", 2), ("Open", 2), ("Blue", 0), ("Green", 0)];
        look("two sessions", &two, &two).await;

        // What an agent has seen is theirs alone, and their other consoles show it too.
        mutate(&ada, "sessionMarkViewed", json!({ "sessionId": first }), "session { id }").await;
        let seen = [("All", 2), ("Unseen", 1), ("Open", 2), ("Blue", 0), ("Green", 0)];
        look("one seen", &two, &seen).await;
        customer_writes(&desk.admin, &project, 7, "and one more thing").await;
        until_written(&desk.admin, &project, 7, 2).await;
        look("something new", &two, &two).await;

        for (session, tag) in [(&first, &blue), (&second, &blue), (&second, &green)] {
            mutate(&desk.admin, "sessionTagsAdd", json!({ "sessionId": session, "tagIds": [tag] }), "session { id }").await;
        }
        mutate(&desk.admin, "sessionClose", json!({ "sessionId": first }), "session { id }").await;
        let tagged = [("All", 2), ("Unseen", 2), ("Open", 1), ("Blue", 2), ("Green", 1)];
        look("tags, and one is closed", &tagged, &tagged).await;

        // A view that names a merged tag shows what has the other one, also what is closed; nobody tells of that one.
        mutate(&desk.admin, "tagMerge", json!({ "fromId": blue, "intoId": green }), "tag { id }").await;
        let merged = [("All", 2), ("Unseen", 2), ("Open", 1), ("Blue", 2), ("Green", 2)];
        look("merged", &merged, &merged).await;

        // Whoever loses a session loses it from their numbers.
        reply(&bob, &second, "good day").await;
        let bobs = [("All", 1), ("Unseen", 1), ("Open", 0), ("Blue", 1), ("Green", 1)];
        look("somebody else's", &merged, &bobs).await;
        let ada_id = id_of(&ada).await;
        let hand_over = json!({ "sessionId": second, "toAgentId": ada_id, "description": "Please go on" });
        mutate(&bob, "sessionTransfer", hand_over, "session { id }").await;
        look("handed over", &merged, &merged).await;

        // So does whoever gets or loses a team.
        let input = json!({ "projectId": project, "name": "Second line", "line": 2 });
        let team = mutate(&desk.admin, "teamCreate", input, "team { id }").await["team"]["id"].take();
        let to_team = json!({ "sessionId": second, "toTeamId": team, "description": "Beyond us" });
        mutate(&ada, "sessionTransfer", to_team, "session { id }").await;
        look("for a team", &merged, &bobs).await;
        save(&desk.admin, &project, "New", json!({ "teamId": { "isNull": false } }), true).await;
        let with_new = |numbers: &[(&'static str, i64)], new| [numbers, &[("New", new)]].concat();
        look("one more view", &with_new(&merged, 1), &with_new(&bobs, 0)).await;
        let input = json!({ "sessionId": second, "toAgentId": id_of(&bob).await, "description": "After all" });
        mutate(&desk.admin, "sessionTransfer", input, "session { id }").await;
        look("given back", &with_new(&merged, 1), &with_new(&bobs, 0)).await;
        // Nothing happens to a session where somebody else may see it.
        mutate(&desk.admin, "projectRoleSet", json!({ "projectId": project, "agentId": ada_id, "role": "SUPERVISOR" }), "member { role }").await;
        let sees_all = || async { (sessions(&ada, &project).await.len() == 2).then_some(()) };
        eventually(PATIENCE, sees_all).await;
        look("a supervisor", &with_new(&merged, 1), &with_new(&merged, 1)).await;
    }

    async fn whoever_may_not_see_the_project_any_more_is_told_no_more(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        save(&desk.admin, &project, "All", json!({}), true).await;
        let mut looker = Looker::new(&ada, &project).await;
        assert_eq!(looker.numbers().await, expected(&[("All", 0)]));
        let remove = json!({ "projectId": project, "agentId": id_of(&ada).await });
        mutate(&desk.admin, "projectRoleRemove", remove, "agent { id }").await;
        assert_eq!(looker.live.ending_within(PATIENCE).await, Ending::Completed);
        let again = ada.subscribe(COUNTS, json!({ "id": project })).await.ending_within(PATIENCE).await;
        let Ending::Failed(errors) = again else { panic!("{again:?}") };
        assert_eq!(errors[0]["extensions"]["code"], "NOT_FOUND");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_at_one_process_is_told_in_numbers_by_another() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let desk = Desk::start(Engine::Postgres).await;
    let other = desk.another_process().await;
    let project = sandbox(&desk.admin).await;
    let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
    save(&desk.admin, &project, "All", json!({}), true).await;
    let mut looker = Looker::new(&client_at(&other, &ada), &project).await;
    looker.until_told("All", 0).await;
    for customer in [7, 8] {
        customer_writes(&desk.admin, &project, customer, "hello").await;
    }
    looker.until_told("All", 2).await;
    // So are the views that are saved there, and what the same agent has seen there.
    save(&desk.admin, &project, "Unseen", json!({ "unread": true }), true).await;
    looker.until_told("Unseen", 2).await;
    let first = until_session(&desk.admin, &project, 7).await;
    mutate(&ada, "sessionMarkViewed", json!({ "sessionId": first }), "session { id }").await;
    looker.until_told("Unseen", 1).await;
    assert_eq!(looker.numbers().await, expected(&[("All", 2), ("Unseen", 1)]));
}

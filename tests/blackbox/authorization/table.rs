//! The matrix as it is written down.

/// Who asks, in the order of the columns.
pub const ACTORS: [&str; 10] = [
    "anonymous",
    "agent",
    "supervisor",
    "admin",
    "workspace-admin",
    "neighbour",
    "foreigner",
    "deactivated",
    "token-with",
    "token-without",
];

/// The matrix.
pub struct Table {
    pub rows: Vec<Row>,
}

/// One operation and what comes of it for each actor.
#[derive(Debug)]
pub struct Row {
    /// The field, such as `Query.node`, and behind it in brackets which of its rows this is.
    pub name: String,
    /// The operation, with names in angle brackets for what differs from one desk to another.
    pub document: String,
    /// The scopes that an API token needs, the one that is put to the test last. None if scopes do not matter.
    pub scopes: Vec<String>,
    /// The outcome for each of [`ACTORS`].
    pub cells: Vec<String>,
}

impl Table {
    /// Reads the matrix: two lines a row, the second of which is indented. Lines that begin with `#` are comments.
    pub fn parse(text: &str) -> Self {
        let mut lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut rows = Vec::new();
        while let Some(operation) = lines.next() {
            let (name, document) =
                operation.split_once(": ").unwrap_or_else(|| panic!("no operation in {operation:?}"));
            let cells = lines.next().filter(|line| line.starts_with(' '));
            let cells = cells.unwrap_or_else(|| panic!("no line of outcomes after {operation:?}"));
            let mut cells = cells.split_whitespace().map(str::to_owned);
            let scopes = cells.next().filter(|scopes| scopes != "-").unwrap_or_default();
            let scopes = scopes.split('+').filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
            let document = document.trim().to_owned();
            let row = Row { name: name.to_owned(), document, scopes, cells: cells.collect() };
            assert_eq!(row.cells.len(), ACTORS.len(), "one outcome for each of {ACTORS:?}: {row:?}");
            rows.push(row);
        }
        Self { rows }
    }

    /// How many of these the operations of all actors use up.
    pub fn uses_of(&self, name: &str) -> usize {
        self.rows.iter().filter(|row| row.document.contains(name)).count() * ACTORS.len()
    }
}

impl Row {
    /// The field without what tells its rows apart.
    pub fn field(&self) -> &str {
        self.name.split(' ').next().unwrap_or_default()
    }

    /// Whether the operation ends the sign-in that it is made with.
    pub fn ends_sign_in(&self) -> bool {
        self.field() == "Mutation.signOut"
    }

    /// Whether this is a subscription, and waits for something that happens while it runs.
    pub fn waits_for_news(&self) -> bool {
        self.name.ends_with("(live)")
    }

    pub fn is_subscription(&self) -> bool {
        self.field().starts_with("Subscription.")
    }

    /// The row as it would be written with these outcomes.
    pub fn with_cells(&self, cells: &[String]) -> String {
        let scopes = if self.scopes.is_empty() { "-".to_owned() } else { self.scopes.join("+") };
        format!("{}: {}\n    {scopes} {}\n", self.name, self.document, cells.join(" "))
    }
}

//! From the values of a row to those of the domain.

use std::str::FromStr;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::sql_types::{BigInt, Nullable, Text};
use domain::rating::Score;
use domain::{
    AgentId, ApiTokenId, CannedReplyId, ChatId, CustomerId, DiversionLinkId, EscalationId, FileId, InvitationId, JobId,
    KnowledgeEntryId, MessageId, NoteId, OutboxId, ProjectId, SavedViewId, ScheduledMessageId, SessionId,
    SlaCalendarId, SlaClockId, SlaHoursId, SurveyId, TagId, TeamId, TelegramUserId, TicketId, Time, TodoId,
    TokenFamilyId, TransferId, TriggerFiringId, TriggerId, UpdateRowId, WordListId, WorkspaceId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A stored name of an enumeration.
#[derive(Debug, FromSqlRow)]
pub(crate) struct Named<T: 'static>(pub T);

impl<T, DB> FromSql<Text, DB> for Named<T>
where
    DB: Backend,
    String: FromSql<Text, DB>,
    T: FromStr<Err = domain::wire_name::UnknownName>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(String::from_sql(bytes)?.parse()?))
    }
}

/// A stored list of such names, with a space between them.
#[derive(Debug, FromSqlRow)]
pub(crate) struct NamedList<T: 'static>(pub Vec<T>);

impl<T, DB> FromSql<Text, DB> for NamedList<T>
where
    DB: Backend,
    String: FromSql<Text, DB>,
    T: FromStr<Err = domain::wire_name::UnknownName>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let names = String::from_sql(bytes)?;
        Ok(Self(names.split_whitespace().map(str::parse).collect::<Result<_, _>>()?))
    }
}

/// A stored value in JSON. Where the column is empty the value is the default one.
#[derive(Debug, FromSqlRow)]
pub(crate) struct Json<T: 'static>(pub T);

impl<T, DB> FromSql<Text, DB> for Json<T>
where
    DB: Backend,
    String: FromSql<Text, DB>,
    T: DeserializeOwned,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(&String::from_sql(bytes)?)?))
    }
}

impl<T, DB> FromSql<Nullable<Text>, DB> for Json<T>
where
    DB: Backend,
    String: FromSql<Text, DB>,
    T: DeserializeOwned + Default,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        FromSql::<Text, DB>::from_sql(bytes)
    }

    fn from_nullable_sql(bytes: Option<DB::RawValue<'_>>) -> deserialize::Result<Self> {
        bytes.map_or_else(|| Ok(Self(T::default())), FromSql::<Text, DB>::from_sql)
    }
}

/// The stored form of a value in JSON; nothing for the default one.
pub(crate) fn json<T: Serialize + Default + PartialEq>(value: &T) -> Option<String> {
    (*value != T::default()).then(|| serde_json::to_string(value).expect("the values of the domain are plain data"))
}

/// The stored form of a value in JSON, the default one included.
pub(crate) fn plain_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("the values of the domain are plain data")
}

/// A stored time: microseconds since 1970.
#[derive(Debug, Clone, Copy, FromSqlRow)]
pub(crate) struct At(pub Time);

impl<DB> FromSql<BigInt, DB> for At
where
    DB: Backend,
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let micros = i64::from_sql(bytes)?;
        Time::from_timestamp_micros(micros)
            .map(Self)
            .ok_or_else(|| format!("{micros} microseconds are not a time").into())
    }
}

/// The stored form of a time. Whatever is finer than a microsecond is cut off, alike on
/// both engines.
pub(crate) fn micros(time: Time) -> i64 {
    time.timestamp_micros()
}

/// A stored number of stars.
#[derive(Debug, FromSqlRow)]
pub(crate) struct Stars(pub Score);

impl<DB> FromSql<BigInt, DB> for Stars
where
    DB: Backend,
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Score::try_from(i64::from_sql(bytes)?)?))
    }
}

/// What a column's value means in the domain.
pub(crate) trait IntoDomain<T> {
    fn into_domain(self) -> T;
}

macro_rules! same { ($($ty:ty),*) => { $(impl IntoDomain<$ty> for $ty { fn into_domain(self) -> $ty { self } })* } }
same!(i64, i32, bool, String);

macro_rules! ids { ($($id:ident),*) => { $(impl IntoDomain<$id> for i64 { fn into_domain(self) -> $id { $id(self) } })* } }
ids!(
    AgentId,
    ApiTokenId,
    CannedReplyId,
    ChatId,
    CustomerId,
    DiversionLinkId,
    EscalationId,
    FileId,
    InvitationId,
    JobId,
    KnowledgeEntryId,
    MessageId,
    NoteId,
    OutboxId,
    ProjectId,
    SavedViewId,
    ScheduledMessageId,
    SessionId,
    SlaCalendarId,
    SlaClockId,
    SlaHoursId,
    SurveyId,
    TagId,
    TeamId,
    TelegramUserId,
    TicketId,
    TodoId,
    TokenFamilyId,
    TransferId,
    TriggerFiringId,
    TriggerId,
    UpdateRowId,
    WordListId,
    WorkspaceId
);

impl<T> IntoDomain<T> for Named<T> {
    fn into_domain(self) -> T {
        self.0
    }
}

impl<T> IntoDomain<Vec<T>> for NamedList<T> {
    fn into_domain(self) -> Vec<T> {
        self.0
    }
}

impl<T> IntoDomain<T> for Json<T> {
    fn into_domain(self) -> T {
        self.0
    }
}

impl IntoDomain<Score> for Stars {
    fn into_domain(self) -> Score {
        self.0
    }
}

impl IntoDomain<Time> for At {
    fn into_domain(self) -> Time {
        self.0
    }
}

impl IntoDomain<chrono::Duration> for i64 {
    fn into_domain(self) -> chrono::Duration {
        chrono::Duration::microseconds(self)
    }
}

impl<A: IntoDomain<B>, B> IntoDomain<Option<B>> for Option<A> {
    fn into_domain(self) -> Option<B> {
        self.map(IntoDomain::into_domain)
    }
}

/// Declares the row of a table whose columns map one to one to the fields of a domain type.
macro_rules! row {
    ($row:ident of $table:ident is $domain:ty { $($field:ident: $column:ty,)+ }) => {
        #[derive(diesel::Queryable, diesel::Selectable)]
        #[diesel(table_name = $table, check_for_backend(Db))]
        pub(super) struct $row { $($field: $column,)+ }

        impl From<$row> for $domain {
            fn from(row: $row) -> Self {
                Self { $($field: $crate::mapping::IntoDomain::into_domain(row.$field),)+ }
            }
        }
    };
}
pub(crate) use row;

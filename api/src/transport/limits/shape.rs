//! What the limits know of a schema: which fields there are, and how many objects each of them can give.

use std::{collections::HashMap, fmt, ops::Index};

use async_graphql::{
    Name, Value,
    parser::{
        self, Positioned,
        types::{
            BaseType, FieldDefinition, InputValueDefinition, OperationType, SchemaDefinition, Type, TypeDefinition,
            TypeKind, TypeSystemDefinition,
        },
    },
};

const INTROSPECTION: &str = include_str!("introspection.graphql");

/// The field of the query root that tells of the rate limit. It costs nothing, so that a client that has nothing left can
/// ask when to come back.
const RATE_LIMIT_FIELD: &str = "rateLimit";

/// Points of a field that gives an object, of one that gives a connection, and of a mutation.
const OBJECT_POINTS: u64 = 1;
const CONNECTION_POINTS: u64 = 2;
const MUTATION_POINTS: u64 = 10;

/// Fields of the query root that count or go through what happened in a long time, and what each of them costs.
const HEAVY_FIELDS: [(&str, u64); 3] = [("escalationStatistics", 100), ("statistics", 500), ("slaSimulate", 1_000)];

/// How many objects a list is taken to have whose size nobody chooses, such as the errors of a mutation.
pub(super) const LIST_ITEMS: u64 = 5;

/// Lists that are counted for more, by the types and the fields that they are of: as long as they are in a large desk.
/// Telegram puts up to ten items into an album. Agents and teams lead to one another, and a list that is taken for
/// shorter than it is multiplies with each step.
const LONGER_LISTS: [(&str, &str, u64); 21] = [
    ("Message", "album", 10),
    ("Session", "pinnedMessages", 50),
    ("Session", "scheduledMessages", 50),
    ("Session", "triggerFirings", 50),
    ("Ticket", "messages", 50),
    ("Ticket", "watchers", 20),
    ("EscalationStatistics", "byAgent", 20),
    ("EscalationStatistics", "byTrigger", 20),
    ("Statistics", "agents", 20),
    ("Statistics", "supervisors", 20),
    ("Statistics", "teams", 20),
    ("Project", "triggers", 50),
    ("Project", "wordLists", 50),
    ("Trigger", "wordLists", 20),
    ("Query", "slaCalendars", 50),
    ("SlaClock", "explain", 50),
    ("Project", "teams", 50),
    ("Team", "members", 50),
    ("Agent", "teams", 20),
    ("ProjectAgent", "teams", 20),
    ("ProjectMember", "teams", 20),
];

/// What a mutation does to many at once.
#[derive(Debug)]
pub(super) struct Bulk {
    payload: &'static str,
    /// What the payload has a list of, with an item for each object that the mutation was asked to do something to.
    results: &'static str,
    /// The type of the items.
    result: &'static str,
    /// The fields of the input that say how many: a list of them, or their number.
    pub(super) asked_by: &'static [&'static str],
    /// The most that the mutation takes. Asked for more, it does nothing at all.
    pub(super) most: u64,
}

static BULKS: [Bulk; 2] = [
    Bulk {
        payload: "SessionsBulkPayload",
        results: "results",
        result: "SessionsBulkResult",
        asked_by: &["sessionIds", "limit"],
        most: 100,
    },
    Bulk {
        payload: "CustomerAttributesSetPayload",
        results: "results",
        result: "CustomerAttributesSetResult",
        asked_by: &["customers"],
        most: 1000,
    },
];

/// Errors about one object that was one of many: there is one at most.
const ERRORS_OF_ONE: &str = "userErrors";

/// The types of a schema that have fields, made once from its definition language.
pub struct SchemaShape {
    types: Vec<TypeShape>,
    names: HashMap<Name, TypeId>,
    query: Option<TypeId>,
    mutation: Option<TypeId>,
    subscription: Option<TypeId>,
}

/// A type with fields: an object, an interface or a union.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct TypeId(usize);

#[derive(Debug, Default)]
pub(super) struct TypeShape {
    pub(super) fields: HashMap<Name, FieldShape>,
    /// The objects that the type can be. Empty for an object, which is only itself.
    pub(super) members: Vec<TypeId>,
}

#[derive(Debug)]
pub(super) struct FieldShape {
    /// The type with fields that the field gives. `None` for scalars and enums.
    pub(super) target: Option<TypeId>,
    /// Points of the field, or of each item of its list, without what is selected of it.
    pub(super) points: u64,
    pub(super) plurality: Plurality,
}

/// How many objects a field gives.
#[derive(Debug)]
pub(super) enum Plurality {
    One,
    /// As many as nobody can say before, taken for so many.
    List {
        items: u64,
    },
    /// One for each item of an argument.
    PerItem {
        argument: Name,
        default: Option<Value>,
    },
    /// A page, whose size the arguments tell.
    Page {
        first: Option<Value>,
        last: Option<Value>,
    },
    /// One for each item of the page that the field is part of.
    PerPageItem,
    /// One for each object that the mutation above was asked to do something to.
    PerAsked(&'static Bulk),
}

impl SchemaShape {
    /// Reads a schema in its definition language.
    ///
    /// # Errors
    /// If it is not a schema.
    pub fn parse(sdl: &str) -> Result<Self, parser::Error> {
        let mut definitions = parser::parse_schema(sdl)?.definitions;
        definitions.extend(parser::parse_schema(INTROSPECTION)?.definitions);
        Ok(Self::of(&definitions))
    }

    fn of(definitions: &[TypeSystemDefinition]) -> Self {
        let types = || {
            definitions.iter().filter_map(|definition| match definition {
                TypeSystemDefinition::Type(definition) => Some(&definition.node).filter(|ty| has_fields(ty)),
                _ => None,
            })
        };
        let names: HashMap<Name, TypeId> =
            types().enumerate().map(|(index, ty)| (ty.name.node.clone(), TypeId(index))).collect();
        let root = |kind, usual| root_of(definitions, kind, usual).and_then(|name| names.get(name).copied());
        let (query, mutation, subscription) = (
            root(OperationType::Query, "Query"),
            root(OperationType::Mutation, "Mutation"),
            root(OperationType::Subscription, "Subscription"),
        );
        let mut shape = Self {
            types: types().map(|ty| type_shape(ty, definitions, &names)).collect(),
            names,
            query,
            mutation,
            subscription,
        };
        shape.weigh_root_fields();
        shape
    }

    fn weigh_root_fields(&mut self) {
        if let Some(TypeId(mutation)) = self.mutation {
            for field in self.types[mutation].fields.values_mut() {
                field.points = MUTATION_POINTS;
            }
        }
        let (schema, ty) = (self.named("__Schema"), self.named("__Type"));
        if let Some(TypeId(query)) = self.query {
            let fields = &mut self.types[query].fields;
            if let Some(field) = fields.get_mut(RATE_LIMIT_FIELD) {
                field.points = 0;
            }
            for (name, points) in HEAVY_FIELDS {
                if let Some(field) = fields.get_mut(name) {
                    field.points = points;
                }
            }
            for (name, target) in [("__schema", schema), ("__type", ty)] {
                let field = FieldShape { target, points: OBJECT_POINTS, plurality: Plurality::One };
                fields.insert(Name::new(name), field);
            }
        }
    }

    /// The type of the root fields of an operation.
    pub(super) fn root(&self, kind: OperationType) -> Option<TypeId> {
        match kind {
            OperationType::Query => self.query,
            OperationType::Mutation => self.mutation,
            OperationType::Subscription => self.subscription,
        }
    }

    /// Whether the type is that of the root fields of mutations.
    pub(super) fn is_mutation(&self, ty: TypeId) -> bool {
        self.mutation == Some(ty)
    }

    pub(super) fn named(&self, name: &str) -> Option<TypeId> {
        self.names.get(name).copied()
    }

    /// Whether an object of the type `object` is one of the type `condition`.
    pub(super) fn is(&self, object: TypeId, condition: TypeId) -> bool {
        object == condition || self[condition].members.contains(&object)
    }
}

impl Index<TypeId> for SchemaShape {
    type Output = TypeShape;

    fn index(&self, TypeId(index): TypeId) -> &TypeShape {
        &self.types[index]
    }
}

impl fmt::Debug for SchemaShape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SchemaShape").field("types", &self.types.len()).finish_non_exhaustive()
    }
}

fn has_fields(ty: &TypeDefinition) -> bool {
    matches!(ty.kind, TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_))
}

/// The name of a root type, as the definition of the schema has it, or the usual one where there is no such definition.
fn root_of<'a>(definitions: &'a [TypeSystemDefinition], kind: OperationType, usual: &'a str) -> Option<&'a str> {
    let of = |schema: &'a SchemaDefinition| match kind {
        OperationType::Query => schema.query.as_ref(),
        OperationType::Mutation => schema.mutation.as_ref(),
        OperationType::Subscription => schema.subscription.as_ref(),
    };
    let schema = definitions.iter().find_map(|definition| match definition {
        TypeSystemDefinition::Schema(schema) => Some(&schema.node),
        _ => None,
    });
    schema.map_or(Some(usual), |schema| of(schema).map(|name| name.node.as_str()))
}

fn type_shape(ty: &TypeDefinition, definitions: &[TypeSystemDefinition], names: &HashMap<Name, TypeId>) -> TypeShape {
    let fields = |fields: &[Positioned<FieldDefinition>]| {
        let parent = ty.name.node.as_str();
        fields.iter().map(|field| (field.node.name.node.clone(), field_shape(parent, &field.node, names))).collect()
    };
    match &ty.kind {
        TypeKind::Object(object) => TypeShape { fields: fields(&object.fields), members: Vec::new() },
        TypeKind::Interface(interface) => TypeShape {
            fields: fields(&interface.fields),
            members: implementors(ty.name.node.as_str(), definitions, names),
        },
        TypeKind::Union(union) => TypeShape {
            fields: HashMap::new(),
            members: union.members.iter().filter_map(|member| names.get(&member.node).copied()).collect(),
        },
        TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => TypeShape::default(),
    }
}

fn implementors(interface: &str, definitions: &[TypeSystemDefinition], names: &HashMap<Name, TypeId>) -> Vec<TypeId> {
    let implementing = definitions.iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(ty) => match &ty.node.kind {
            TypeKind::Object(object) if object.implements.iter().any(|name| name.node == interface) => {
                names.get(&ty.node.name.node).copied()
            }
            _ => None,
        },
        _ => None,
    });
    implementing.collect()
}

fn field_shape(parent: &str, field: &FieldDefinition, names: &HashMap<Name, TypeId>) -> FieldShape {
    let (target_name, is_list) = named_type(&field.ty.node);
    let target = names.get(target_name).copied();
    let list = || {
        let name = field.name.node.as_str();
        let longer = LONGER_LISTS.iter().find(|(of_type, of_field, _)| (*of_type, *of_field) == (parent, name));
        let of_one = name == ERRORS_OF_ONE && BULKS.iter().any(|bulk| bulk.result == parent);
        Plurality::List { items: longer.map_or(if of_one { 1 } else { LIST_ITEMS }, |(_, _, items)| *items) }
    };
    let named_or_list = || {
        field.arguments.iter().find(|argument| takes_list(&argument.node)).map_or_else(list, |argument| {
            Plurality::PerItem { argument: argument.node.name.node.clone(), default: default_of(&argument.node) }
        })
    };
    let bulk = BULKS.iter().find(|bulk| bulk.payload == parent && bulk.results == field.name.node.as_str());
    let plurality = match (target, is_list) {
        (None, _) => Plurality::One,
        (Some(_), true) if is_connection(parent) => Plurality::PerPageItem,
        (Some(_), true) => bulk.map_or_else(named_or_list, Plurality::PerAsked),
        (Some(_), false) if is_connection(target_name) => {
            let default = |name| argument(field, name).and_then(default_of);
            Plurality::Page { first: default("first"), last: default("last") }
        }
        (Some(_), false) => Plurality::One,
    };
    let points = match (target, &plurality) {
        (None, _) => 0,
        (_, Plurality::Page { .. }) => CONNECTION_POINTS,
        // They only hold the object of the page or of the mutation, which costs by itself.
        (_, Plurality::PerPageItem) if target_name.ends_with("Edge") => 0,
        (_, Plurality::PerAsked(_)) => 0,
        _ => OBJECT_POINTS,
    };
    FieldShape { target, points, plurality }
}

/// Whether this is the name of a connection type, which the Relay specification reserves for them.
fn is_connection(type_name: &str) -> bool {
    type_name.ends_with("Connection")
}

/// The name in a type, and whether it stands in a list.
fn named_type(ty: &Type) -> (&str, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.as_str(), false),
        BaseType::List(item) => (named_type(item).0, true),
    }
}

fn argument<'a>(field: &'a FieldDefinition, name: &str) -> Option<&'a InputValueDefinition> {
    field.arguments.iter().map(|argument| &argument.node).find(|argument| argument.name.node == name)
}

fn takes_list(argument: &InputValueDefinition) -> bool {
    matches!(argument.ty.node.base, BaseType::List(_))
}

fn default_of(argument: &InputValueDefinition) -> Option<Value> {
    argument.default_value.as_ref().map(|default| default.node.clone())
}

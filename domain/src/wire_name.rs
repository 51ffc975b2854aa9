//! Enumerations that are stored and published under a fixed name.

/// A stored name that no variant of the enumeration carries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not a {enumeration}")]
pub struct UnknownName {
    /// The enumeration that was expected.
    pub enumeration: &'static str,
    /// The name that was found.
    pub name: String,
}

/// Declares an enumeration whose variants have one fixed name each, in the database and in
/// the API alike, with `name`, `ALL`, `Display` and `FromStr`.
#[macro_export]
macro_rules! named_enum {
    ($(#[$meta:meta])* pub enum $enumeration:ident { $($(#[$variant_meta:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $enumeration { $($(#[$variant_meta])* $variant,)+ }

        impl $enumeration {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The fixed name of this variant.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl std::fmt::Display for $enumeration {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $enumeration {
            type Err = $crate::wire_name::UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                match name {
                    $($name => Ok(Self::$variant),)+
                    _ => Err($crate::wire_name::UnknownName {
                        enumeration: stringify!($enumeration),
                        name: name.to_owned(),
                    }),
                }
            }
        }
    };
}

/// One such enumeration in JSON, as its name.
pub(crate) mod name {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err = super::UnknownName>,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Lists of such enumerations in JSON, as lists of their names.
pub(crate) mod names {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<T: Display, S: Serializer>(values: &[T], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(ToString::to_string))
    }

    pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
    where
        T: FromStr<Err = super::UnknownName>,
        D: Deserializer<'de>,
    {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().map(|name| name.parse().map_err(D::Error::custom)).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::{DeliveryState, EventKind, Status};

    #[test]
    fn names_round_trip_and_unknown_ones_are_refused() {
        for status in Status::ALL {
            assert_eq!(status.name().parse::<Status>().as_ref(), Ok(status));
        }
        for kind in EventKind::ALL {
            assert_eq!(kind.name().parse::<EventKind>().as_ref(), Ok(kind));
        }
        let refusal = "LOST".parse::<DeliveryState>().unwrap_err();
        assert_eq!(refusal.to_string(), "\"LOST\" is not a DeliveryState");
    }
}

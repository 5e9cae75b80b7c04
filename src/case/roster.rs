//! The team: who its members are, by address and by key.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

use crate::mail::{Address, Fingerprint};
use jiff::tz::TimeZone;

/// What a member may do. A coordinator may do all that a volunteer may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, EnumString, IntoStaticStr, Display, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Permission {
    Volunteer,
    Coordinator,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub handle: String,
    pub name: String,
    pub address: Address,
    /// Other addresses this member writes from.
    pub also_from: Vec<Address>,
    /// Primary key of the certificate on the roster.
    pub key: Fingerprint,
    /// Why nothing can be encrypted to it today; letters to this member wait then.
    pub key_trouble: Option<String>,
    pub role: Permission,
    pub zone: TimeZone,
    /// What outsiders see instead of the name.
    pub signs_as: String,
}

#[derive(Clone, Debug, Default)]
pub struct Roster {
    pub members: Vec<Member>,
}

impl Roster {
    pub fn by_handle(&self, handle: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.handle == handle)
    }

    /// Identity is the certificate: From is never asked.
    pub fn by_key(&self, key: &Fingerprint) -> Option<&Member> {
        self.members.iter().find(|member| member.key == *key)
    }

    pub fn by_address(&self, address: &Address) -> Option<&Member> {
        self.members
            .iter()
            .find(|member| member.address == *address || member.also_from.contains(address))
    }

    pub fn coordinators(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.role == Permission::Coordinator)
    }
}

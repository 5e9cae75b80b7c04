//! From settings to what the desk reads.

use super::{Problem, Problems, Settings};
use crate::case::{HouseRules, LetterRules, Member, PostList, Roster, Secrets, Team, Watch};
use crate::mail::Fingerprint;
use std::collections::BTreeMap;

/// Automatic answers in one case in one day.
const A_CASE_A_DAY: u32 = 3;
/// Business days until a finder hears what we make of a report.
const ASSESS_DAYS: u32 = 10;

impl Settings {
    /// `members`: the fingerprint in each member's key file, by handle.
    ///
    /// A member whose fingerprint is not given is left out: who has no key has no say.
    /// Errors name members who share a fingerprint, with each other or with the team.
    pub fn house_rules(
        &self,
        secrets: Secrets,
        team: &Fingerprint,
        members: &BTreeMap<String, Fingerprint>,
    ) -> Result<HouseRules, Problems> {
        self.one_key_each(team, members)?;
        Ok(HouseRules {
            team: self.team_rules(team),
            roster: self.roster(members),
            lists: self.post_lists(),
            watches: self.watched_lists(),
            siren: self.siren.clone(),
            secrets,
            letters: self.letter_rules(),
            authserv_id: self.mail.authserv_id.clone(),
        })
    }

    fn one_key_each(
        &self,
        team: &Fingerprint,
        members: &BTreeMap<String, Fingerprint>,
    ) -> Result<(), Problems> {
        let mut owners: BTreeMap<&Fingerprint, &str> = BTreeMap::from([(team, "the team")]);
        let mut problems = Vec::new();
        for member in &self.members {
            let Some(key) = members.get(&member.handle) else { continue };
            if let Some(other) = owners.insert(key, &member.handle) {
                let what = format!("the key of \"{}\" is also that of {other}", member.handle);
                let todo = "give each member a key of their own".to_owned();
                let file = self.file.clone();
                problems.push(Problem { line: member.key.line, file, what, todo });
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }

    fn team_rules(&self, key: &Fingerprint) -> Team {
        let team = &self.team;
        Team {
            name: team.name.clone(),
            address: team.address.clone(),
            case_prefix: team.case_prefix.clone(),
            subaddress: team.subaddress.clone(),
            key: key.clone(),
            exercise: team.exercise,
            policy_url: team.policy_url.clone(),
            telephone: team.telephone.clone(),
        }
    }

    fn roster(&self, keys: &BTreeMap<String, Fingerprint>) -> Roster {
        let members = self.members.iter().filter_map(|member| {
            Some(Member {
                handle: member.handle.clone(),
                name: member.name.clone(),
                address: member.address.clone(),
                also_from: member.also_from.clone(),
                key: keys.get(&member.handle)?.clone(),
                key_trouble: None,
                role: member.role,
                zone: member.zone.clone(),
                signs_as: member.signs_as.clone().unwrap_or_else(|| self.team.name.clone()),
            })
        });
        Roster { members: members.collect() }
    }

    fn post_lists(&self) -> Vec<PostList> {
        let list = |list: &super::ListSettings| PostList {
            name: list.name.clone(),
            address: list.address.clone(),
            highest_tlp: list.highest_tlp,
            sign: list.sign,
            formats: list.formats.clone(),
            manners: list.manners,
            a_day: list.a_day,
            key: list.key.clone(),
        };
        self.lists.iter().map(list).collect()
    }

    fn watched_lists(&self) -> Vec<Watch> {
        let watch = |watch: &super::WatchSettings| Watch {
            name: watch.name.clone(),
            list_id: watch.list_id.clone(),
            address: watch.address.clone(),
            archive: watch.archive.clone(),
        };
        self.watches.iter().map(watch).collect()
    }

    fn letter_rules(&self) -> LetterRules {
        LetterRules {
            automatic: self.letters.automatic,
            an_hour: self.limits.letters_per_hour,
            a_case_a_day: A_CASE_A_DAY,
            assess_days: ASSESS_DAYS,
            publish_time: self.team.publish_time,
            send_delay: self.letters.send_delay,
            signature_age: self.mail.signature_age,
        }
    }
}

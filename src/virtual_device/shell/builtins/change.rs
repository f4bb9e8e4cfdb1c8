//! `cd`.

use super::super::flow::Outcome;
use super::super::state::Shell;
use crate::virtual_device::fs::{FilesError, path};

impl Shell {
    pub(super) async fn change_folder(&mut self, rest: &[String]) -> Outcome {
        let mut rest = rest.iter().filter(|word| !["-L", "-P", "--"].contains(&word.as_str()));
        let back = rest.clone().next().is_some_and(|word| word == "-");
        let target = match rest.next().map(String::as_str) {
            None => self.variables.get("HOME").unwrap_or("/").to_owned(),
            Some("-") => match self.variables.get("OLDPWD") {
                Some(before) => before.to_owned(),
                None => return self.fail("cd: no OLDPWD").await,
            },
            Some(target) => target.to_owned(),
        };
        let path = path::lexical(&path::absolute(&self.cwd, &target));
        let stat = self.machine.files().stat(self.actor(), &path);
        let problem = match stat {
            Ok(stat) if !stat.is_folder() => Some(FilesError::NotFolder),
            Ok(_) if !self.machine.files().may(self.actor(), &path, 1) => Some(FilesError::Denied),
            Ok(_) => None,
            Err(error) => Some(error),
        };
        if let Some(error) = problem {
            return self.fail(&format!("cd: {target}: {error}")).await.map(|_| 2);
        }
        let before = std::mem::replace(&mut self.cwd, path.clone());
        self.assign("OLDPWD", before).await?;
        self.assign("PWD", path.clone()).await?;
        if back { self.write(1, path + "\n").await.map(|_| 0) } else { Ok(0) }
    }
}

//! Debian and its descendants: packages are installed where that needs no password.

use anyhow::{Result, bail};

use crate::machine::is_on_path;
use crate::process;
use crate::workspace::Workspace;

/// Whether packages come from `apt-get` here.
pub(crate) fn is_here() -> bool {
    is_on_path("apt-get")
}

/// Installs packages as root or through a `sudo` that asks nothing.
pub(crate) fn install(ws: &Workspace, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let prefix: &[&str] = match () {
        () if is_root(ws) => &[],
        () if sudo_asks_nothing(ws) => &["sudo", "-n"],
        () => bail!("these packages are needed: sudo apt-get install {list}"),
    };
    let apt = |arguments: &[&str]| {
        let mut words = prefix.iter().chain(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        let mut command = ws.command(words.next().copied().unwrap_or("env"));
        command.args(words).args(arguments);
        command
    };
    process::run(ws, "apt-get update", &mut apt(&["update", "--quiet"]))?;
    let mut install = apt(&["install", "--yes", "--quiet", "--no-install-recommends"]);
    process::run(ws, &format!("apt-get install {list}"), install.args(packages))
}

fn is_root(ws: &Workspace) -> bool {
    ws.command("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn sudo_asks_nothing(ws: &Workspace) -> bool {
    is_on_path("sudo")
        && ws.command("sudo").args(["-n", "true"]).output().is_ok_and(|o| o.status.success())
}

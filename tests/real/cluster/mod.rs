//! A Kubernetes API server on loopback, with its etcd: what is asserted is what it stored. No kubelet runs, so no pod does.
//!
//! Invariant: one is started for all tests, which keep to namespaces of their own; both programs end with the run.

pub(crate) mod helm;
pub(crate) mod kustomize;
mod release;
mod webhook;

use rcgen::KeyPair;
use serde_yaml::Value;
use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::{Command, Stdio},
    sync::{Mutex, OnceLock},
    thread::sleep,
    time::{Duration, Instant},
};
use tempfile::TempDir;

use crate::{
    background::Background,
    path,
    program::{API_SERVER, ETCD, KUBECTL},
};

/// How long a program may take to answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// Who may do everything.
const TOKEN: &str = "token-of-the-tests";

/// An API server and its etcd.
pub(crate) struct Cluster {
    folder: TempDir,
    programs: Mutex<Vec<Background>>,
}

static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();

impl Cluster {
    /// The one of this run, started at first.
    pub(crate) fn get() -> &'static Self {
        let started = CLUSTER.get_or_init(Self::start);
        started.as_ref().unwrap_or_else(|reason| panic!("{reason}"))
    }

    /// Ends the one of this run, if it was started.
    pub(crate) fn stop() {
        if let Some(Ok(cluster)) = CLUSTER.get() {
            cluster.programs.lock().expect("the programs").clear();
            // A static is never dropped, and its folder neither.
            let _ = fs::remove_dir_all(cluster.folder.path());
        }
    }

    fn start() -> Result<Self, String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let put = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::write(&file, text).expect("a file of the cluster");
            file.display().to_string()
        };
        let [client, peer, secure] = free_ports();
        let http = |port: u16| format!("http://127.0.0.1:{port}");
        let pair = KeyPair::generate().expect("a key");
        let private = put("private.pem", &pair.serialize_pem());
        let public = put("public.pem", &pair.public_key_pem());
        let tokens = put("tokens.csv", &format!("{TOKEN},admin,1,system:masters\n"));
        put(
            "kubeconfig",
            &format!(
                "apiVersion: v1
kind: Config
clusters: [{{name: tests, cluster: {{server: 'https://127.0.0.1:{secure}', insecure-skip-tls-verify: true}}}}]
users: [{{name: admin, user: {{token: {TOKEN}}}}}]
contexts: [{{name: tests, context: {{cluster: tests, user: admin}}}}]
current-context: tests
"
            ),
        );
        let inside = |name: &str| folder.path().join(name).display().to_string();
        let etcd = Background::start(
            Command::new(path(&ETCD))
                .args([
                    "--data-dir",
                    &inside("etcd"),
                    "--log-level",
                    "error",
                    "--unsafe-no-fsync",
                ])
                .args([
                    "--listen-client-urls",
                    &http(client),
                    "--advertise-client-urls",
                    &http(client),
                ])
                .args([
                    "--listen-peer-urls",
                    &http(peer),
                    "--initial-advertise-peer-urls",
                    &http(peer),
                ])
                .args(["--initial-cluster", &format!("default={}", http(peer))]),
            &folder.path().join("etcd.log"),
        );
        let server = Background::start(
            Command::new(path(&API_SERVER))
                .args(["--etcd-servers", &http(client), "--cert-dir", &inside("certificates")])
                .args(["--bind-address", "127.0.0.1", "--secure-port", &secure.to_string()])
                .args(["--token-auth-file", &tokens, "--authorization-mode", "RBAC"])
                .args(["--service-account-issuer", "https://kubernetes.default.svc"])
                .args([
                    "--service-account-key-file",
                    &public,
                    "--service-account-signing-key-file",
                    &private,
                ])
                .args(["--service-cluster-ip-range", "10.0.0.0/24"])
                // Nobody makes the ServiceAccount `default` here.
                .args(["--disable-admission-plugins", "ServiceAccount"]),
            &folder.path().join("kube-apiserver.log"),
        );
        let cluster = Self {
            folder,
            programs: Mutex::new(vec![server, etcd]),
        };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    fn wait_until_ready(&self) -> Result<(), String> {
        let is_ready = || {
            self.kubectl(&["get", "--raw=/readyz"])
                .output()
                .is_ok_and(|done| done.status.success())
        };
        let begun = Instant::now();
        while !is_ready() {
            let mut programs = self.programs.lock().expect("the programs");
            let has_ended = programs.iter_mut().any(Background::has_ended);
            if has_ended || begun.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.path().join("kube-apiserver.log")).unwrap_or_default();
                return Err(format!("the API server is not ready:\n{log}"));
            }
            drop(programs);
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// What clients find the API server by.
    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("kubeconfig")
    }

    /// A command of kubectl's.
    pub(crate) fn kubectl(&self, arguments: &[&str]) -> Command {
        let mut kubectl = Command::new(path(&KUBECTL));
        kubectl.arg("--kubeconfig").arg(self.kubeconfig()).args(arguments);
        kubectl
    }

    /// What kubectl answers.
    #[track_caller]
    pub(crate) fn ask(&self, arguments: &[&str]) -> String {
        let done = self.kubectl(arguments).output().expect("kubectl");
        assert!(
            done.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
        String::from_utf8(done.stdout).expect("UTF-8 from kubectl")
    }

    /// Hands a stream to kubectl, and gives its status and what it wrote.
    #[track_caller]
    pub(crate) fn hand(&self, arguments: &[&str], stream: &str) -> (Option<i32>, String) {
        let mut kubectl = self.kubectl(arguments);
        let mut kubectl = kubectl
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("kubectl");
        let mut stdin = kubectl.stdin.take().expect("its standard input");
        stdin.write_all(stream.as_bytes()).expect("a stream for kubectl");
        drop(stdin);
        let mut said = String::new();
        let stdout = kubectl.stdout.as_mut().expect("its standard output");
        stdout.read_to_string(&mut said).expect("UTF-8 from kubectl");
        (kubectl.wait().expect("its end").code(), said)
    }

    /// The objects of these kinds in a namespace, as they are stored.
    #[track_caller]
    pub(crate) fn objects(&self, namespace: &str, kinds: &str) -> Vec<Value> {
        let list = self.ask(&["get", kinds, "--namespace", namespace, "--output", "json"]);
        let list: Value = serde_yaml::from_str(&list).expect("JSON from kubectl");
        list["items"].as_sequence().expect("a list").clone()
    }

    /// One object, as it is stored.
    #[track_caller]
    pub(crate) fn object(&self, namespace: &str, id: &str) -> Value {
        let object = self.ask(&["get", id, "--namespace", namespace, "--output", "json"]);
        serde_yaml::from_str(&object).expect("JSON from kubectl")
    }
}

/// Ports of loopback that nothing listened on a moment ago.
fn free_ports<const N: usize>() -> [u16; N] {
    let listeners = [(); N].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("its address").port())
}

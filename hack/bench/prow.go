package main

import (
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// counterparts are Prow's plugins that have the commands of ddbot's: ddbot is measured with all of its own on.
const counterparts = "assign, help, label, lifecycle, milestone, retitle, stage"

// prow starts Prow's hook with plugins, on the same GitHub.
func (b *bench) prow(plugins, github string) (*process, func()) {
	dir, err := os.MkdirTemp("", "prow-bench-")
	if err != nil {
		log.Fatal(err)
	}
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			log.Fatal(err)
		}
		return path
	}
	port := freePort()
	p := &process{addr: "127.0.0.1:" + port, dir: dir}
	p.cmd = exec.Command(b.hook, "--port", port, "--dry-run=false", "--github-endpoint", github, "--github-token-path", write("token", "bench"),
		"--hmac-secret-file", write("hmac", secret), "--config-path", write("config.yaml", "{}"),
		"--plugin-config", write("plugins.yaml", "plugins:\n  acme/toc:\n    plugins: ["+plugins+"]\n"),
		"--kubeconfig", write("kube", kubeconfig), "--health-port", freePort(), "--metrics-port", freePort(), "--pprof-port", freePort())
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		log.Fatal(err)
	}
	for end := begin.Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if res, err := http.Get("http://" + p.addr + "/hook"); err == nil {
			_ = res.Body.Close()
			break
		}
		if time.Now().After(end) {
			log.Fatal("bench: Prow's hook does not start")
		}
	}
	p.ready = time.Since(begin)
	return p, func() { p.stop(); _ = os.RemoveAll(dir) }
}

// kubeconfig names a cluster that nobody asks.
const kubeconfig = `{"apiVersion": "v1", "kind": "Config", "current-context": "x", "users": [{"name": "x"}],
"clusters": [{"name": "x", "cluster": {"server": "http://127.0.0.1:1"}}],
"contexts": [{"name": "x", "context": {"cluster": "x", "user": "x"}}]}`

// freePort is one that nobody has now.
func freePort() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

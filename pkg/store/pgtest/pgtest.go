// Package pgtest gives tests a PostgreSQL: the one that DDBOT_TEST_POSTGRES names, else one that it starts for the test
// from the binaries of this machine, with fsync as in production, else the test is skipped.
package pgtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Env names the environment variable with the URL of a server on which databases may be created.
const Env = "DDBOT_TEST_POSTGRES"

// Cluster is a server for one test and its subtests.
type Cluster struct{ base string }

// Start gives a running cluster, which ends with the test.
func Start(t testing.TB) *Cluster {
	t.Helper()
	if base := os.Getenv(Env); base != "" {
		return &Cluster{base}
	}
	bin := findBin()
	if bin == "" {
		t.Skip("no PostgreSQL: set " + Env + " or install initdb and postgres")
	}
	return startCluster(t, bin)
}

// Database gives the URL of a new empty database, which ends with the test.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	name := "ddbot_test_" + strings.ToLower(rand.Text()[:12])
	c.admin(t, "CREATE DATABASE "+name)
	t.Cleanup(func() { c.admin(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	u, err := url.Parse(c.base)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func (c *Cluster) admin(t testing.TB, query string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.base)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, query); err != nil {
		t.Fatal(err)
	}
}

// findBin gives the directory of initdb and postgres, the newest if there are several.
func findBin() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(slices.Max(found))
}

func startCluster(t testing.TB, bin string) *Cluster {
	t.Helper()
	// Not t.TempDir: the path of a socket must be short, and the server's user must be able to enter.
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	as, err := otherUser(dir)
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = as, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	// The shell ends the server when our end of the pipe closes, so also when this process is killed.
	server := exec.Command("sh", "-c", `"$@" & pid=$!; read -r _; kill -INT $pid; wait $pid`, "sh",
		filepath.Join(bin, "postgres"), "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=200")
	server.SysProcAttr, server.Dir = as, dir
	var log bytes.Buffer
	server.Stdout, server.Stderr = &log, &log
	stdin, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	stop := func() {
		stdin.Close()
		server.Wait()
	}
	t.Cleanup(stop)
	c := &Cluster{"postgres:///postgres?user=postgres&host=" + url.QueryEscape(dir)}
	if err := c.wait(); err != nil {
		stop()
		t.Fatalf("postgres does not start: %v\n%s", err, log.String())
	}
	return c
}

func (c *Cluster) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.base)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

//go:build !nodemo

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/demo"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/sweep"
	"github.com/ddbot/ddbot/pkg/webhook"
	"github.com/ddbot/ddbot/plugins"
)

// demoExample is the first example of all.
const demoExample = "  ddbot demo                 try it: no account, no network, no configuration\n"

func demoCommand() *cobra.Command {
	var listen, script, configFile string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Try ddbot on a page: no account, no network, no configuration",
		Long: "Starts a simulated GitHub with one promotion issue of 49 items, the real server with a database in a temporary\n" +
			"folder, and a page that looks like the issue: comment as any of several people, see what the bot does and which\n" +
			"calls it makes, and move the clock. Nothing leaves this machine and nothing is kept.\n\n" +
			"--script plays a file without a page and prints what changes. It is a story (txtar) as the tests have them, or a\n" +
			"list of lines: \"alice: /dd done technical\", \"+90d\" to let time go by; # begins a remark, \\n ends a line of a comment.\n\n" +
			"--config takes a configuration as for a server, or a repository's own .github/ddbot.yaml: its commands, words and labels hold.",
		Example: "  ddbot demo\n" +
			"  ddbot demo --listen 127.0.0.1:0\n" +
			"  ddbot demo --config .github/ddbot.yaml\n" +
			"  echo 'alice: /dd done technical' | ddbot demo --script -",
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if script != "" {
				return playDemo(c.Context(), script, configFile, c.InOrStdin(), c.OutOrStdout())
			}
			return serveDemo(c.Context(), listen, configFile, c.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "address of the page; port 0 takes a free one")
	cmd.Flags().StringVar(&script, "script", "", "play this file instead of showing a page; - is standard input")
	cmd.Flags().StringVar(&configFile, "config", "", "configuration that holds in the demo; all commands are on without")
	return cmd
}

// playDemo plays a script. Its clock stands still, so that the same script always prints the same.
func playDemo(ctx context.Context, file, configFile string, in io.Reader, out io.Writer) error {
	text, err := readFile(file, in)
	if err != nil {
		return &exitError{exitUsage, fmt.Errorf("read the script: %w", err)}
	}
	script, err := demo.ParseScript([]byte(text))
	if err != nil {
		return usage("%s: %w", file, err)
	}
	if script.Seed, _, err = demoSeed(script.Seed, configFile); err != nil {
		return err
	}
	d, err := startDemo(ctx, script.Seed, nil)
	if err != nil {
		return err
	}
	return errors.Join(d.world.Play(ctx, script, out), d.stop())
}

// serveDemo shows the page until the user has enough.
func serveDemo(ctx context.Context, listen, configFile string, out io.Writer) error {
	seed, say, err := demoSeed(demo.DefaultSeed(), configFile)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; choose another address with --listen, such as --listen 127.0.0.1:0", listen, err)
	}
	d, err := startDemo(ctx, seed, time.Now)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	// Open pages listen for events for as long as they are open: ctx ends that.
	page := &http.Server{
		Handler: d.world.Page(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	failed := make(chan error, 2)
	go func() { failed <- page.Serve(l) }()
	fmt.Fprintf(out, "ddbot demo: http://%s\n\n"+
		"A simulated GitHub with one promotion issue and the real bot. Nothing leaves this machine.\n"+
		"Comment \"%s\" as alice and see 12 boxes ticked; then try it as mallory.\n"+
		"Ctrl-C stops it and removes what it wrote.\n", l.Addr(), say("/dd done technical"))
	select {
	case <-ctx.Done():
	case err = <-failed:
	case err = <-d.server.Failed():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(err, page.Shutdown(stop), d.stop())
}

// demoRun is a world with the real server in it.
type demoRun struct {
	world  *demo.World
	server *server
	api    *http.Server
	log    *logrus.Logger
	dir    string
}

// startDemo makes the world, starts the server in it and connects the two by HTTP, in both directions. now nil is a clock
// that stands still.
func startDemo(ctx context.Context, seed demo.Seed, now func() time.Time) (d *demoRun, err error) {
	d = &demoRun{log: logrus.New()}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.stop())
		}
	}()
	if d.world, err = demo.NewWorld(seed, now); err != nil {
		return d, usage("%w", err)
	}
	if d.dir, err = os.MkdirTemp("", "ddbot-demo-"); err != nil {
		return d, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return d, fmt.Errorf("start the simulated GitHub: %w", err)
	}
	d.api = &http.Server{Handler: d.world.API(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = d.api.Serve(l) }()
	secret := rand.Text()
	options, err := d.options("http://"+l.Addr().String(), secret, seed.Config)
	if err != nil {
		return d, err
	}
	if d.server, err = startServer(ctx, options); err != nil {
		return d, err
	}
	return d, d.world.Connect(ctx, demo.Server{
		Hook: "http://" + d.server.Addr() + "/hook", Secret: secret, Waiting: d.waiting, Sweep: d.sweep,
	})
}

func (d *demoRun) options(github, secret string, config []byte) (serverOptions, error) {
	o := serverOptions{
		Listen: "127.0.0.1:0", Store: "sqlite:" + filepath.Join(d.dir, "ddbot.db"), Secrets: webhook.Secrets{webhook.Everywhere: {[]byte(secret)}},
		Workers: 2, Now: d.world.Now, Log: d.log, Plugins: plugins.All(), Hub: d.connect(github), KeepLogLevel: true,
	}
	d.log.SetLevel(logrus.WarnLevel)
	if config == nil {
		return o, nil
	}
	o.ConfigFile = filepath.Join(d.dir, "config.yaml")
	return o, os.WriteFile(o.ConfigFile, config, 0o600)
}

// connect gives the way to the simulated GitHub.
func (d *demoRun) connect(url string) func(func(github.Call)) (*github.Hub, error) {
	return func(observe func(github.Call)) (*github.Hub, error) {
		return github.New(github.Options{
			URL: url, Token: d.world.Token(), UserAgent: "ddbot/" + buildVersion(), Now: d.world.Now, Observe: observe,
		})
	}
}

// sweep does at once what the server's schedule does in real time, which does not move with the demo's clock.
func (d *demoRun) sweep(ctx context.Context) (why string, err error) {
	report, err := d.server.sweeper.Sweep(ctx, sweep.Request{Repo: d.world.Ref(), Tell: true})
	if err != nil {
		return "", err
	}
	for _, f := range report.Findings {
		if f.Issue == d.world.Ref() && f.Outcome == sweep.Kept {
			why = f.Verdict.Why
		}
	}
	return why, nil
}

func (d *demoRun) waiting(ctx context.Context) (int, error) {
	depth, err := d.server.store.Depth(ctx)
	return depth.Pending, err
}

// stop ends what was started and removes what was written.
func (d *demoRun) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var errs []error
	if d.server != nil {
		// What is cut short by the end is no news here: nothing of it is kept.
		d.log.SetOutput(io.Discard)
		errs = append(errs, d.server.Stop(ctx))
	}
	if d.api != nil {
		errs = append(errs, d.api.Close())
	}
	if d.dir != "" {
		errs = append(errs, os.RemoveAll(d.dir))
	}
	return errors.Join(errs...)
}

package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/webhook"
	"github.com/ddbot/ddbot/plugins"
)

// serveFlags are the flags of serve; they are part of the program's contract.
type serveFlags struct {
	githubFlags
	storeFlags
	listen, config      string
	secretFiles         []string
	workers             int
	dryRun              bool
	logFormat, logLevel string
}

func serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Receive GitHub's webhooks and carry out what people ask for",
		Long: "Listens for webhooks at /hook and at /, beside /healthz, /readyz (?verbose), /metrics and the command help.\n" +
			"A delivery is on disk before GitHub gets its answer. Without --config all plugins are on for every repository.\n" +
			"A delivery with a wrong secret is logged once a minute; /readyz?verbose also says whether GitHub takes the token.\n" +
			"SIGTERM ends it cleanly; what is not done waits in the store.",
		Example: "  WEBHOOK_SECRET=… GITHUB_TOKEN=… ddbot serve\n" +
			"  ddbot serve --config ddbot.yaml --store sqlite:/data/ddbot.db --webhook-secret-file hmac --app-id 1234 --app-key-file key.pem",
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c.Context()) },
	}
	f.githubFlags.add(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.listen, "listen", ":8888", "address to listen on")
	fl.StringVar(&f.config, "config", "", "configuration file; see config/ddbot.yaml")
	f.storeFlags.add(fl, "sqlite:ddbot.db", "database: sqlite:PATH for one process, postgres://… for several")
	fl.StringArrayVar(&f.secretFiles, "webhook-secret-file", nil, "file with the webhook secret, one a line, or Prow's YAML by repository; may be given several times; without it, $WEBHOOK_SECRET")
	fl.IntVar(&f.workers, "workers", 16, "how many issues are worked on at a time")
	fl.BoolVar(&f.dryRun, "dry-run", false, "plan and log, but change nothing at GitHub")
	fl.StringVar(&f.logFormat, "log-format", "json", "json or text")
	fl.StringVar(&f.logLevel, "log-level", "", "debug, info, warning or error; default from the configuration")
	return cmd
}

func (f *serveFlags) run(ctx context.Context) error {
	o, err := f.options()
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		// The heap is small, so collecting half as often costs a few MB and gives the receiver a tenth more (make bench).
		debug.SetGCPercent(200)
	}
	s, err := startServer(ctx, o)
	if err != nil {
		return err
	}
	s.looks.wait(ctx)
	o.Log.WithFields(logrus.Fields{"address": s.Addr(), "version": buildVersion(), "commit": buildCommit()}).Info("Listening")
	select {
	case <-ctx.Done():
		o.Log.Info("Stopping; what is not done stays in the store")
	case err = <-s.Failed():
	}
	// The signal has ended ctx; stopping has its own time.
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 40*time.Second)
	defer cancel()
	if stopErr := s.Stop(stop); err == nil {
		err = stopErr
	}
	return err
}

// options checks everything that can be wrong before anything is started.
func (f *serveFlags) options() (serverOptions, error) {
	if f.workers < 1 {
		return serverOptions{}, usage("--workers is 1 at least, not %d", f.workers)
	}
	o := serverOptions{Listen: f.listen, Workers: f.workers, DryRun: f.dryRun, Now: time.Now}
	var err error
	if o.Store, err = f.dsn(); err != nil {
		return o, err
	}
	if o.Secrets, err = f.secrets(); err != nil {
		return o, err
	}
	o.KeepLogLevel = f.logLevel != ""
	if f.logLevel == "" {
		f.logLevel = "info"
	}
	if o.Log, err = newLog(f.logFormat, f.logLevel); err != nil {
		return o, err
	}
	o.Plugins, o.ConfigFile = plugins.All(), f.config
	o.Hub, o.Look = f.hub, true
	return o, nil
}

// secrets reads the webhook secrets: any of them may have signed a delivery.
func (f *serveFlags) secrets() (webhook.Secrets, error) {
	out := webhook.Secrets{}
	for _, name := range f.secretFiles {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, &exitError{exitUsage, fmt.Errorf("read the webhook secret: %w", err)}
		}
		more, err := webhook.ParseSecrets(data)
		if err != nil {
			return nil, &exitError{exitUsage, fmt.Errorf("read the webhook secrets in %s: %w", name, err)}
		}
		out.Add(more)
	}
	if len(f.secretFiles) == 0 {
		if s := os.Getenv("WEBHOOK_SECRET"); s != "" {
			out[webhook.Everywhere] = [][]byte{[]byte(s)}
		}
	}
	if len(out) == 0 {
		return nil, usage("no webhook secret: set $WEBHOOK_SECRET or use --webhook-secret-file, with the secret that GitHub has")
	}
	return out, nil
}

package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/setup"
	"github.com/ddbot/ddbot/plugins"
)

// setupFlags say what App is wanted.
type setupFlags struct {
	listen, github, organization, name, hook, config, out string
	print, token                                          bool
}

func setupCommand() *cobra.Command {
	var f setupFlags
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "Create the GitHub App that ddbot acts as, with the permissions that the configuration needs",
		Long: "Shows a page with what the App may do and a button that goes to GitHub, which asks for a name and creates it. Its id,\n" +
			"private key and webhook secret come back and are written to files that only you can read, beside a configuration; then\n" +
			"ddbot says how to start the server and where to install the App. No file is overwritten.\n\n" +
			"Permissions and events are those that the plugins need that --config leaves on. The page is for a browser on this\n" +
			"machine; from another one: ssh -L 8899:127.0.0.1:8899 HOST.",
		Example: "  ddbot setup --organization acme --url https://ddbot.example.com/hook --out ddbot\n" +
			"  ddbot setup --url https://ddbot.example.com/hook --github-url https://ghe.example.com\n" +
			"  ddbot setup --config ddbot.yaml --url https://ddbot.example.com/hook --print\n" +
			"  ddbot setup --organization acme --token",
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c.Context(), c.OutOrStdout()) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.hook, "url", "", "public address of the server's webhook, such as https://ddbot.example.com/hook")
	fl.StringVar(&f.organization, "organization", "", "organisation to create the App in; without it, your own account")
	fl.StringVar(&f.name, "name", "", "name of the App, unique at GitHub, 34 characters at most; GitHub lets you change it")
	fl.StringVar(&f.config, "config", "", "configuration whose plugins the App is for; without it, all plugins, and one is written")
	fl.StringVar(&f.out, "out", ".", "folder for the files")
	fl.StringVar(&f.github, "github-url", "https://github.com", "GitHub's address, or that of a GitHub Enterprise Server")
	fl.StringVar(&f.listen, "listen", "127.0.0.1:8899", "address of the page; port 0 takes a free one")
	fl.BoolVar(&f.print, "print", false, "print the manifest and do nothing")
	fl.BoolVar(&f.token, "token", false, "print the steps to a token instead of an App, and do nothing")
	return cmd
}

func (f *setupFlags) run(ctx context.Context, out io.Writer) error {
	if f.print && f.token {
		return usage("--print is about an App, and --token about none: give one of them")
	}
	source, err := config.NewSource(f.config, plugins.All(), config.SourceOptions{Now: time.Now})
	if err != nil {
		return &exitError{exitUsage, err}
	}
	places, err := github.PlacesOf(f.github)
	if err != nil {
		return usage("--github-url: %w", err)
	}
	app := setup.App{GitHub: places, Organization: f.organization, Name: f.name, Hook: f.hook, Needs: source.Current().Needs()}
	files := setup.Files{Dir: f.out, Config: f.config}
	if f.token {
		if app.Hook == "" {
			app.Hook = setup.ExampleHook
		}
		if app, err = app.Check(); err != nil {
			return &exitError{exitUsage, err}
		}
		_, err = io.WriteString(out, app.TokenSteps(files))
		return err
	}
	if app, err = app.Check(); err != nil {
		return &exitError{exitUsage, err}
	}
	if f.print {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(app.Manifest(""))
	}
	return f.serve(ctx, &setup.Setup{
		App: app, Files: files, Random: rand.Reader,
		Convert: func(ctx context.Context, code string) (github.NewApp, error) {
			return github.ConvertManifest(ctx, github.Options{URL: places.API, UserAgent: "ddbot/" + buildVersion(), Now: time.Now}, code)
		},
	}, out)
}

// serve shows the pages until the App is there, or the user has enough.
func (f *setupFlags) serve(ctx context.Context, s *setup.Setup, out io.Writer) error {
	pages, path, err := s.Begin()
	if err != nil {
		return &exitError{exitUsage, err}
	}
	l, err := net.Listen("tcp", f.listen)
	if err != nil {
		return usage("cannot listen on %s: %w; choose another address with --listen, such as --listen 127.0.0.1:0", f.listen, err)
	}
	server := &http.Server{Handler: pages, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	fmt.Fprintf(out, "Open this page and follow it: http://%s%s\n(Ctrl-C ends it before anything is written.)\n\n", reachable(l.Addr()), path)
	select {
	case next := <-s.Finished():
		fmt.Fprint(out, next.Text())
	case err = <-failed:
	case <-ctx.Done():
		err = s.Stopped()
	}
	// The last page is on its way: the browser gets it before this ends. Browsers also keep connections on which they ask
	// nothing: nobody waits for those.
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if server.Shutdown(stop) != nil {
		_ = server.Close()
	}
	return err
}

// reachable is where a browser on this machine finds what listens there.
func reachable(a net.Addr) string {
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return a.String()
}

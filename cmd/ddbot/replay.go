package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/plugins"
)

// replayFlags name a delivery and what is needed to plan it.
type replayFlags struct {
	githubFlags
	storeFlags
	config, payload, event string
}

func replayCommand() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay GUID | replay --payload FILE --event NAME",
		Short: "Plan a delivery again and show what it would do; nothing is sent",
		Long: "Takes a delivery from the store by its GUID, or a payload from a file, plans it with the configuration\n" +
			"of now (and the issue of now, where the plan edits it), and prints the effects and requests. GitHub is only read. (To carry a delivery out that\n" +
			"ddbot gave up on, see 'ddbot dead replay'.)",
		Example: "  ddbot replay 72d3162e-cc78-11e3-81ab-4c9367dc0958\n" +
			"  ddbot replay --payload comment.json --event issue_comment",
		Args: args(cobra.MaximumNArgs(1)),
		RunE: f.run,
	}
	f.githubFlags.add(cmd)
	fl := cmd.Flags()
	f.storeFlags.add(fl, "sqlite:ddbot.db", "database with the delivery: sqlite:PATH or postgres://…")
	fl.StringVar(&f.config, "config", "", "configuration file")
	fl.StringVar(&f.payload, "payload", "", "file with a webhook payload, - for standard input")
	fl.StringVar(&f.event, "event", "issue_comment", "event of the payload, as in X-GitHub-Event")
	return cmd
}

func (f *replayFlags) run(c *cobra.Command, a []string) error {
	if (len(a) == 1) == (f.payload != "") {
		return usage("name a delivery's GUID or give --payload FILE; see 'ddbot replay --help'")
	}
	d, err := f.delivery(c.Context(), a, c.InOrStdin())
	if err != nil {
		return err
	}
	if d.Passed {
		fmt.Fprintf(c.OutOrStdout(), "%s came on %s and to nothing: there was no command in it and nothing else of use, so its payload was not kept. "+
			"GitHub shows it with the webhook's recent deliveries; give it with --payload to plan it again\n", d.GUID, d.ReceivedAt.UTC().Format(time.DateTime))
		return nil
	}
	log, err := newLog("text", "warning")
	if err != nil {
		return err
	}
	source, err := config.NewSource(f.config, plugins.All(), config.SourceOptions{Log: log, Now: time.Now})
	if err != nil {
		return &exitError{exitUsage, err}
	}
	hub, err := f.hub(nil)
	if err != nil {
		return err
	}
	out, planned := c.OutOrStdout(), false
	e := &engine.Engine{
		Settings: settingsFor(source, time.Now, log),
		Client:   func(id int64) engine.GitHub { return hub.Client(id) },
		Memory:   engine.NoMemory, Now: time.Now, Log: log, DryRun: true,
		Loaders: evidenceLoaders(hub, time.Now),
		OnPlan: func(_ decide.Input, o *decide.Decision) {
			planned = len(o.Effects)+len(o.Draft.Requests()) > 0
			printPlan(out, o)
		},
	}
	log.SetOutput(io.Discard) // the plan is printed, not logged
	if err := e.Handle(c.Context(), &oneDelivery{d}); err != nil {
		return fmt.Errorf("plan %s: %w", d.GUID, err)
	}
	if !planned {
		fmt.Fprintln(out, "nothing to do: there is no command in it and nothing else of use, its repository is not served, or its issue is gone")
	}
	return nil
}

func (f *replayFlags) delivery(ctx context.Context, a []string, in io.Reader) (d queue.Delivery, err error) {
	if f.payload != "" {
		text, err := readFile(f.payload, in)
		if err != nil {
			return d, &exitError{exitUsage, fmt.Errorf("read the payload: %w", err)}
		}
		envelope, ok, err := payload.Open(f.event, []byte(text))
		if err == nil && !ok {
			err = fmt.Errorf("ddbot has no use for %s events like this one", f.event)
		}
		if err != nil {
			return d, &exitError{exitUsage, err}
		}
		return queue.Delivery{GUID: "replay", Key: envelope.Key, Event: f.event, Payload: []byte(text), ReceivedAt: time.Now()}, nil
	}
	err = withStore(ctx, &f.storeFlags, func(db *store.DB) error {
		d, err = db.Lookup(ctx, a[0])
		if errors.Is(err, queue.ErrNotFound) {
			err = usage("the store knows no delivery %s", a[0])
		}
		return err
	})
	if err == nil && len(d.Payload) == 0 && !d.Passed {
		err = usage("the payload of %s was purged; GitHub may still show it with the webhook's recent deliveries: give it with --payload", a[0])
	}
	return d, err
}

func printPlan(out io.Writer, o *decide.Decision) {
	for _, p := range o.Effects {
		if _, quiet := p.Effect.(plan.Remember); !quiet {
			fmt.Fprintf(out, "%-10s %s\n", p.Plugin, p.Effect)
		}
	}
	requests := o.Draft.Requests()
	for _, text := range plan.Texts(requests) {
		fmt.Fprintf(out, "%-10s %s\n", "request", text)
	}
	for _, r := range requests {
		if r.Kind == plan.SendAnswer && len(r.Answer.Text) > 0 {
			fmt.Fprintf(out, "\n%s\n", r.Answer.ReplyText(nil))
		}
	}
}

// oneDelivery is a store.Batch that keeps nothing.
type oneDelivery struct{ d queue.Delivery }

func (b *oneDelivery) Key() string                             { return b.d.Key }
func (b *oneDelivery) Deliveries() []queue.Delivery            { return []queue.Delivery{b.d} }
func (b *oneDelivery) Plan() *queue.Plan                       { return nil }
func (b *oneDelivery) Save(context.Context, []byte) error      { return nil }
func (b *oneDelivery) Done(context.Context, int, []byte) error { return nil }
func (b *oneDelivery) Put(queue.Record)                        {}

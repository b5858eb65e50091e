package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
)

func deadCommand() *cobra.Command {
	var f storeFlags
	cmd := &cobra.Command{
		Use:   "dead",
		Short: "See and replay deliveries that ddbot gave up on",
		Long: "A delivery that fails eight times by ddbot's own fault, or that was worked on 80 times when the process was\n" +
			"killed, is put aside, so that its issue can go on. Outages of GitHub never count. A replayed delivery is worked on by the running server.",
		Example: "  ddbot dead list --store sqlite:/data/ddbot.db\n  ddbot dead replay 72d3162e-cc78-11e3-81ab-4c9367dc0958",
		Args:    known,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	f.add(cmd.PersistentFlags(), "sqlite:ddbot.db", "database: sqlite:PATH or postgres://…")
	cmd.AddCommand(
		&cobra.Command{
			Use: "list", Short: "List them, oldest first", Args: args(cobra.NoArgs),
			Example: "  ddbot dead list --store sqlite:/data/ddbot.db",
			RunE: func(c *cobra.Command, _ []string) error {
				return withStore(c.Context(), &f, func(db *store.DB) error { return listDead(c.Context(), db, c.OutOrStdout()) })
			},
		},
		&cobra.Command{
			Use: "replay GUID", Short: "Put one back into the queue", Args: args(cobra.ExactArgs(1)),
			Example: "  ddbot dead replay 72d3162e-cc78-11e3-81ab-4c9367dc0958",
			RunE: func(c *cobra.Command, a []string) error {
				return withStore(c.Context(), &f, func(db *store.DB) error {
					err := db.Replay(c.Context(), a[0])
					if errors.Is(err, queue.ErrNotFound) {
						return usage("no dead delivery is called %s; 'ddbot dead list' shows them", a[0])
					}
					if err == nil {
						fmt.Fprintf(c.OutOrStdout(), "%s is in the queue again\n", a[0])
					}
					return err
				})
			},
		},
	)
	return cmd
}

// withStore opens the database beside a server that may be running on it.
func withStore(ctx context.Context, f *storeFlags, do func(*store.DB) error) (err error) {
	url, err := f.dsn()
	if err != nil {
		return err
	}
	log := logrus.New()
	log.SetLevel(logrus.WarnLevel)
	db, err := store.Open(ctx, url, store.Options{Now: time.Now, Log: log, Beside: true})
	if err != nil {
		return &exitError{exitUsage, err}
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return do(db)
}

func listDead(ctx context.Context, db *store.DB, out io.Writer) error {
	dead, err := db.Dead(ctx)
	if err != nil {
		return err
	}
	if len(dead) == 0 {
		_, err := fmt.Fprintln(out, "none")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "GUID\tISSUE\tEVENT\tRECEIVED\tATTEMPTS\tLAST ERROR")
	for _, d := range dead {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\n", d.GUID, issueOf(d), d.Event, d.ReceivedAt.UTC().Format(time.RFC3339), d.Attempts, firstLine(d.LastError))
	}
	return w.Flush()
}

// issueOf names the issue of a delivery as people do, owner/repo#12; by its key where the payload does not tell.
func issueOf(d queue.Delivery) string {
	e, ok, err := payload.Open(d.Event, d.Payload)
	if !ok || err != nil {
		return d.Key
	}
	return e.Ref().String()
}

func firstLine(s string) string {
	for i, r := range s {
		if r == '\n' {
			return s[:i]
		}
	}
	return s
}

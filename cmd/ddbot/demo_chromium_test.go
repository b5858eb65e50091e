//go:build !nodemo

package main

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var pictures = flag.String("pictures", "", "folder to put pictures of the demo's page into; see hack/screenshot.sh")

// chromium starts a browser, or skips the test where there is none.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no chromium or google-chrome on the PATH: the page is tested by HTTP only")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.WindowSize(1280, 900))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// tab is the demo's page in a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.picture("failed", 1280, 900, "light")
		b.t.Fatal(err)
	}
}

// see runs what gives something.
func see[T any](b *tab, a chromedp.Action[T]) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// until waits until an expression is true in the page.
func until(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](expression)
}

// outcome waits until the line under the comment box says so.
func outcome(text string) chromedp.Action[chromedp.Void] {
	return until("document.querySelector('.outcome').textContent.includes(`" + text + "`)")
}

// tick clicks on a box, wherever the page has scrolled to: by coordinates a busy machine can miss it while the page moves.
func tick(ref string) chromedp.Action[chromedp.Void] {
	return until("document.querySelector(`input[data-ref=\"" + ref + "\"]`) && (document.querySelector(`input[data-ref=\"" + ref + "\"]`).click(), true)")
}

// comment types a comment as somebody and waits until the page tells the outcome.
func (b *tab) comment(as, text, told string) {
	b.t.Helper()
	b.do(
		chromedp.SetValue(chromedp.CSS(`select[name=as]`), as),
		chromedp.SendKeys(chromedp.CSS(`textarea[name=body]`), text),
		chromedp.Click(chromedp.CSS(`.composer [type=submit]`)),
		outcome(told),
		until("document.querySelector('textarea[name=body]').value === ''"), // it is emptied when the answer is there
	)
}

// count counts what a selector finds.
func (b *tab) count(selector string) int {
	b.t.Helper()
	return see(b, chromedp.Evaluate[int]("document.querySelectorAll(`"+selector+"`).length"))
}

// picture takes one of what is seen, if pictures are wanted.
func (b *tab) picture(name string, width, height int64, scheme string) {
	b.t.Helper()
	if *pictures == "" {
		return
	}
	b.do(chromedp.EmulateViewport(width, height))
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	_ = see(b, chromedp.Evaluate[bool]("document.querySelector('.flash, .fresh')?.scrollIntoView({block: 'center'}), true"))
	b.do(chromedp.Sleep(500 * time.Millisecond)) // scrolling and colours take their time
	png := see(b, chromedp.CaptureScreenshot())
	if err := os.WriteFile(filepath.Join(*pictures, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// pictures of both schemes and both widths.
func (b *tab) pictures(name string) {
	b.picture(name+"-narrow-dark", 390, 844, "dark")
	b.picture(name+"-narrow", 390, 844, "light")
	b.picture(name+"-dark", 1280, 900, "dark")
	b.picture(name, 1280, 900, "light")
}

// TestDemoInChromium: a person types a command into the page and sees boxes ticked.
func TestDemoInChromium(t *testing.T) {
	ctx := chromium(t)
	b := &tab{t, ctx}
	url := openDemo(t)
	b.do(chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS(`.composer`)))
	if n := b.count(`[data-part=body] input[type=checkbox]`); n != 49 {
		t.Fatalf("%d boxes", n)
	}
	b.pictures("1-before")

	b.comment("alice", "/dd done technical", "12 boxes ticked")
	if n := b.count(`[data-part=body] input:checked`); n != 12 {
		t.Errorf("%d boxes are ticked", n)
	}
	if n := b.count(`.timeline .chip`); n != 1 {
		t.Errorf("%d reactions are shown", n)
	}
	b.pictures("2-ticked")

	b.comment("mallory", "/dd done users", "ddbot answered below")
	answer := see(b, chromedp.Text(chromedp.CSS(`[data-by="ddbot[bot]"] .markdown`)))
	if !strings.Contains(answer, "@mallory") || b.count(`[data-part=body] input:checked`) != 12 {
		t.Errorf("the answer to a stranger is %q", answer)
	}
	b.pictures("3-refused")

	// A click on a box edits the issue as the chosen person; who may not gets the tick taken back.
	b.do(chromedp.SetValue(chromedp.CSS(`select[name=as]`), "bob"), tick("users.1"),
		outcome("1 box ticked"))
	b.do(chromedp.SetValue(chromedp.CSS(`select[name=as]`), "mallory"), tick("users.2"),
		outcome("GitHub refuses"))
	if n := b.count(`[data-part=body] input:checked`); n != 13 {
		t.Errorf("%d boxes are ticked after the clicks", n)
	}
	b.pictures("4-clicked")

	b.do(chromedp.Click(chromedp.CSS(`[data-example="/dd status"]`)), chromedp.Click(chromedp.CSS(`.composer [type=submit]`)),
		until("document.querySelectorAll(`[data-by='ddbot[bot]'] details`).length >= 1"))
	b.pictures("5-status")
	day := see(b, chromedp.Text(chromedp.CSS(`.now`)))
	b.do(chromedp.Click(chromedp.CSS(`[data-days="90"]`)), until("document.querySelector('.now').textContent !== `"+day+"`"))
	b.pictures("6-later")
}

// TestDemoLive: a page that is open shows what happens elsewhere, with server-sent events and without.
func TestDemoLive(t *testing.T) {
	for _, tc := range []struct{ name, before string }{{"events", ""}, {"polling", "delete window.EventSource"}} {
		t.Run(tc.name, func(t *testing.T) {
			b := &tab{t, chromium(t)}
			url := openDemo(t)
			_, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: tc.before})
			if err != nil {
				t.Fatal(err)
			}
			b.do(chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS(`.composer`)))
			send(t, url+"/api/comment", `{"as":"alice","body":"/dd done users"}`)
			b.do(outcome("3 boxes ticked"))
			if n := b.count(`[data-part=body] input:checked`); n != 3 {
				t.Errorf("%d boxes are ticked", n)
			}
			if n := b.count(`.flash`); n != 3 {
				t.Errorf("%d boxes are marked as new", n)
			}
		})
	}
}

// TestStatusCommentInChromium: the status comment with all that it can hold fits a telephone: the page does not scroll to the side, and
// whose turn it is stands above everything that is folded or long.
func TestStatusCommentInChromium(t *testing.T) {
	b := &tab{t, chromium(t)}
	b.do(chromedp.Navigate(openDemo(t)), chromedp.WaitVisible(chromedp.CSS(`.composer`)))
	for _, c := range []struct{ as, text string }{
		{"alice", "/dd claim technical.3 by +2w\n/dd due kickoff +3w\n/dd adopter add finance\n/dd adopter add public transport\n/dd adopter A1 scheduled by +1w"},
		{"carol", "/dd sponsor me\n/dd coi soft I contributed to it in 2023, and reviewed parts of it since\n/dd ask technical.3 which version was tested, on which platforms, and where are the results?"},
		{"carol", "/dd finding blocking users.1 https://example.com/a/very/long/address/that/does/not/wrap/anywhere/because/it/has/no/blanks/in/it\n/dd finding the roadmap is a year old"},
		{"alice", "/dd answer Q1 version 1.4, see https://example.com/results\n/dd link technical.4 https://example.com/issues/110"},
	} {
		_ = see(b, chromedp.Evaluate[bool]("document.querySelector('.outcome').textContent = '', true"))
		b.comment(c.as, c.text, "ddbot")
	}
	b.do(until("[...document.querySelectorAll(`[data-by='ddbot[bot]'] .markdown`)].some(x => x.textContent.includes('Who does what') && x.textContent.includes('F2') && x.textContent.includes('version 1.4'))"))
	b.do(chromedp.EmulateViewport(390, 844))
	if wide := see(b, chromedp.Evaluate[int]("document.documentElement.scrollWidth")); wide > 390 {
		t.Errorf("the page is %d pixels wide", wide)
	}
	_ = see(b, chromedp.Evaluate[bool](`for (const x of document.querySelectorAll("[data-by='ddbot[bot]'] .markdown")) if (x.textContent.includes("Where it stands")) x.classList.add("fresh"); true`))
	b.pictures("7-due-diligence")
}

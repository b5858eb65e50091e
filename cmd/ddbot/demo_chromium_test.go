//go:build !nodemo

package main

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

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
	day := see(b, chromedp.Evaluate[string]("document.querySelector('.now').textContent")) // at once: the page may be drawn anew
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

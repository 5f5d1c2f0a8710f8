package hanami

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"time"
)

// Option changes how a [Client] connects.
type Option func(*options)

type options struct {
	http    *http.Client
	tls     *tls.Config
	retries int
	pause   time.Duration
	timeout time.Duration
}

// WithHTTPClient sends all requests, and opens all websockets, with a client of one's own: for
// proxies, tracing or client certificates. It does not follow redirects, which would take the token
// to another server. Can't be combined with [WithRootCAs] and [WithoutVerification].
func WithHTTPClient(client *http.Client) Option {
	return func(o *options) { o.http = client }
}

// WithRootCAs takes, over HTTPS, a server whose certificate leads to one of these in place of those
// that this machine trusts.
func WithRootCAs(roots *x509.CertPool) Option {
	return func(o *options) { o.tls = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12} }
}

// WithoutVerification takes any server over HTTPS. What is said is hidden from those who only listen,
// but not from one who takes the server's place.
func WithoutVerification() Option {
	return func(o *options) {
		o.tls = &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}
	}
}

// WithRetries sets how often a call is tried again that certainly had no effect, and the first pause
// before that, which doubles each time. Without it there are 3 retries, the first after 100 ms; with 0
// there are none.
func WithRetries(retries int, pause time.Duration) Option {
	return func(o *options) { o.retries, o.pause = retries, pause }
}

// WithTimeout sets how long one request may take, retries not counted; without it 30 seconds. It does
// not hold for what takes long by its nature: uploads, [Direct] connections and [Client.Wait] go on
// until their context ends.
func WithTimeout(timeout time.Duration) Option {
	return func(o *options) { o.timeout = timeout }
}

// newOptions applies the options and makes the HTTP client.
func newOptions(changes []Option) (options, error) {
	o := options{retries: 3, pause: 100 * time.Millisecond, timeout: 30 * time.Second}
	for _, change := range changes {
		change(&o)
	}
	own := o.http
	if own == nil {
		own = &http.Client{Transport: newTransport(o.tls)}
	} else if o.tls != nil {
		return options{}, errors.New("hanami: a client of one's own brings its own TLS settings; " +
			"leave out WithRootCAs and WithoutVerification")
	}
	o.http = &http.Client{
		Transport:     own.Transport,
		Jar:           own.Jar,
		Timeout:       own.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return o, nil
}

func newTransport(config *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSClientConfig:     config,
		TLSHandshakeTimeout: 10 * time.Second,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        100,
		MaxIdleConnsPerHost: 16,
		// Shorter than that of the server, which then does not close what is about to be used.
		IdleConnTimeout:       60 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

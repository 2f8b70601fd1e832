package dev.guildcast.gateway.socket;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/// The URLs under which clients reach the gateway: without path, query or trailing slash, because libraries append
/// their own.
///
/// @param url `url` of `/gateway` and `/gateway/bot`; empty: scheme and host of the request
/// @param resumeUrl `resume_gateway_url` of READY; empty: the same as `url`. Any gateway can resume any session
@ConfigurationProperties("gateway.public")
public record PublicUrls(
        @DefaultValue("") String url, @DefaultValue("") String resumeUrl) {
    private static final String PLAIN = "ws://";
    private static final String SECURE = "wss://";

    public PublicUrls {
        check("gateway.public.url", url);
        check("gateway.public.resume-url", resumeUrl);
    }

    private static void check(String property, String value) {
        if (!value.isEmpty() && !value.matches("wss?://[^/?#]+")) {
            throw new IllegalArgumentException(property + " is \"" + value
                    + "\" (expected: ws://host[:port] or wss://host[:port], without path or query)");
        }
    }

    /// The gateway's URL: the configured one, or the one that this request used.
    public String url(URI request) {
        return url.isEmpty() ? (isSecure(request) ? SECURE : PLAIN) + request.getAuthority() : secured(url, request);
    }

    /// A client that came by TLS is never sent elsewhere without it, whatever is configured.
    private static String secured(String url, URI request) {
        return isSecure(request) && url.startsWith(PLAIN) ? SECURE + url.substring(PLAIN.length()) : url;
    }

    private static boolean isSecure(URI request) {
        return "https".equals(request.getScheme()) || "wss".equals(request.getScheme());
    }

    /// To be called at the start of a server with TLS.
    ///
    /// @throws InvalidConfigurationPropertyValueException if clients would be sent to a port without it
    void requireTls() {
        requireTls("gateway.public.url", url);
        requireTls("gateway.public.resume-url", resumeUrl);
    }

    private static void requireTls(String property, String value) {
        if (value.startsWith(PLAIN)) {
            throw new InvalidConfigurationPropertyValueException(
                    property, value, "would send clients, who come by TLS, to a port without it: write wss://");
        }
    }

    String resumeUrl(URI request) {
        return resumeUrl.isEmpty() ? url(request) : secured(resumeUrl, request);
    }
}

package dev.guildcast.gateway.socket;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The URLs under which clients reach the gateway: without path, query or trailing slash, because libraries append
/// their own.
///
/// @param url `url` of `/gateway` and `/gateway/bot`; empty: scheme and host of the request
/// @param resumeUrl `resume_gateway_url` of READY; empty: the same as `url`. Any gateway can resume any session
@ConfigurationProperties("gateway.public")
public record PublicUrls(
        @DefaultValue("") String url, @DefaultValue("") String resumeUrl) {
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
        if (!url.isEmpty()) {
            return url;
        }
        boolean secure = "https".equals(request.getScheme()) || "wss".equals(request.getScheme());
        return (secure ? "wss://" : "ws://") + request.getAuthority();
    }

    String resumeUrl(URI request) {
        return resumeUrl.isEmpty() ? url(request) : resumeUrl;
    }
}

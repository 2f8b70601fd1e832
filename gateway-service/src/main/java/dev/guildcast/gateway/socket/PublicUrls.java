package dev.guildcast.gateway.socket;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where clients are told to connect: no path, no query, no trailing slash, because libraries append their own.
///
/// @param url in `/gateway` and `/gateway/bot`; empty: scheme and host of the request
/// @param resumeUrl in READY; empty: as `url`. Any gateway resumes any session
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
                    + "\" (expected: ws://host[:port] or wss://host[:port], nothing behind)");
        }
    }

    /// The gateway's own address as this request came to know it.
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

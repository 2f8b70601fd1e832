package dev.guildcast.gateway.operation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Answers requests that would change something through the actuator with 403, unless a token is configured, and with
/// 401 unless they show it. On the actuator's own server, and on that of clients if an operator has put it there.
final class OperationFilter implements WebFilter, Ordered {
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String SCHEME = "Bearer ";
    private static final String DIGEST_PREFIX = "sha256:";

    private final String basePath;
    private final byte[] digest;

    /// @param basePath of the actuator
    OperationFilter(String basePath, OperationProperties properties) {
        this.basePath = basePath;
        this.digest = properties.tokenDigest().isBlank()
                ? new byte[0]
                : HexFormat.of().parseHex(properties.tokenDigest().substring(DIGEST_PREFIX.length()));
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        if (READS.contains(request.getMethod())
                || !request.getPath().pathWithinApplication().value().startsWith(basePath)) {
            return chain.filter(exchange);
        }
        if (digest.length == 0) {
            return answer(exchange, HttpStatus.FORBIDDEN);
        }
        if (!matches(request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION))) {
            exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            return answer(exchange, HttpStatus.UNAUTHORIZED);
        }
        return chain.filter(exchange);
    }

    private boolean matches(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        var shown = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        try {
            return MessageDigest.isEqual(
                    digest, MessageDigest.getInstance("SHA-256").digest(shown));
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has SHA-256", e);
        }
    }

    private static Mono<Void> answer(ServerWebExchange exchange, HttpStatus status) {
        exchange.getResponse().setStatusCode(status);
        return exchange.getResponse().setComplete();
    }
}

package dev.guildcast.gateway.socket;

import io.netty.handler.codec.http.HttpVersion;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;

/// What RFC 6455 section 4.2.1 asks of an upgrade request. The tokens of its headers are compared without case.
final class UpgradeRequest {
    static final String VERSION_HEADER = "Sec-WebSocket-Version";

    /// The only version that the gateway speaks: that of RFC 6455.
    static final String VERSION = "13";

    private static final String KEY_HEADER = "Sec-WebSocket-Key";
    /// The nonce that the key encodes has 16 bytes (RFC 6455, section 4.1).
    private static final int KEY_BYTES = 16;

    /// Why a request is refused.
    ///
    /// @param reason for the debug log
    record Fault(HttpStatus status, String reason) {}

    private UpgradeRequest() {}

    /// The first fault of an upgrade request; empty when there is none.
    static Optional<Fault> fault(ServerHttpRequest request, HttpVersion version) {
        var headers = request.getHeaders();
        if (!HttpMethod.GET.equals(request.getMethod())) {
            return badRequest("the method is not GET");
        }
        if (version.compareTo(HttpVersion.HTTP_1_1) < 0) {
            return badRequest("the version of HTTP is below 1.1");
        }
        if (headers.containsHeader(HttpHeaders.TRANSFER_ENCODING)
                || !List.of("0").containsAll(headers.getOrEmpty(HttpHeaders.CONTENT_LENGTH))) {
            return badRequest("the request has a body");
        }
        if (!hasToken(headers.getOrEmpty(HttpHeaders.CONNECTION), "upgrade")) {
            return badRequest("Connection does not name Upgrade");
        }
        if (!headers.getOrEmpty(VERSION_HEADER).equals(List.of(VERSION))) {
            return Optional.of(new Fault(HttpStatus.UPGRADE_REQUIRED, "the WebSocket version is not 13"));
        }
        if (!isKey(headers.getOrEmpty(KEY_HEADER))) {
            return badRequest("Sec-WebSocket-Key is not the Base64 of 16 bytes");
        }
        return Optional.empty();
    }

    private static Optional<Fault> badRequest(String reason) {
        return Optional.of(new Fault(HttpStatus.BAD_REQUEST, reason));
    }

    private static boolean isKey(List<String> values) {
        try {
            return values.size() == 1
                    && Base64.getDecoder().decode(values.get(0).strip()).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /// Whether one of the comma-separated lists has this token, in any letter case.
    static boolean hasToken(List<String> values, String token) {
        for (var value : values) {
            for (var each : value.split(",", -1)) {
                if (each.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }
}

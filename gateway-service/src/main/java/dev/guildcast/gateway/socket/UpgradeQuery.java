package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.protocol.CloseCode;
import java.util.Map;
import java.util.Optional;

/// The parsed query of an upgrade request.
///
/// @param version 9 or 10
/// @param zlibStream whether it has `compress=zlib-stream`; unknown values are ignored
/// @param rejection the code with which the connection is closed right after the upgrade; empty when it is accepted
record UpgradeQuery(int version, boolean zlibStream, Optional<CloseCode> rejection) {
    /// The API version of a query without `v`.
    private static final int CURRENT_VERSION = 10;

    static UpgradeQuery parse(Map<String, String> query) {
        boolean zlib = "zlib-stream".equals(query.get("compress"));
        var version = query.get("v");
        int number = version == null || version.equals("10") ? CURRENT_VERSION : version.equals("9") ? 9 : 0;
        if (number == 0) {
            return new UpgradeQuery(CURRENT_VERSION, false, Optional.of(CloseCode.INVALID_API_VERSION));
        }
        var encoding = query.get("encoding");
        if (encoding != null && !encoding.equals("json")) {
            return new UpgradeQuery(number, false, Optional.of(CloseCode.DECODE_ERROR));
        }
        return new UpgradeQuery(number, zlib, Optional.empty());
    }
}

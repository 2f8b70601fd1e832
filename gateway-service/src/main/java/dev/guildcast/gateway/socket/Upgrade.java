package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.protocol.CloseCode;
import java.util.Map;
import java.util.Optional;

/// What the query of the upgrade asks for.
///
/// @param version 9 or 10
/// @param zlibStream `compress=zlib-stream`; values that are not known are as absent
/// @param refusal the close that follows the upgrade at once
record Upgrade(int version, boolean zlibStream, Optional<CloseCode> refusal) {
    private static final int CURRENT_VERSION = 10;

    static Upgrade of(Map<String, String> query) {
        boolean zlib = "zlib-stream".equals(query.get("compress"));
        var version = query.get("v");
        int number = version == null || version.equals("10") ? CURRENT_VERSION : version.equals("9") ? 9 : 0;
        if (number == 0) {
            return new Upgrade(CURRENT_VERSION, false, Optional.of(CloseCode.INVALID_API_VERSION));
        }
        var encoding = query.get("encoding");
        if (encoding != null && !encoding.equals("json")) {
            return new Upgrade(number, false, Optional.of(CloseCode.DECODE_ERROR));
        }
        return new Upgrade(number, zlib, Optional.empty());
    }
}

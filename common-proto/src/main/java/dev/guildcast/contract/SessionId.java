package dev.guildcast.contract;

import java.util.HexFormat;
import java.util.Optional;

/// A session id as clients hold it: 32 hex digits of shard (2 bytes), offset of the Open record (6) and a secret (8).
///
/// Any gateway derives the session's shard from it. The secret makes it unguessable and is never logged.
///
/// @param shard index of the session shard
/// @param offset of the session's Open record in that shard's log; identifies the session inside the system
/// @param secret random
public record SessionId(int shard, long offset, long secret) {
    /// Hex digits: 4 of the shard, 12 of the offset, 16 of the secret.
    private static final int LENGTH = 32;
    /// Six bytes: at a million records a second, a log reaches it after nine years.
    private static final long OFFSET_MAX = (1L << 48) - 1;

    public SessionId {
        if (shard < 0 || shard > ShardId.INDEX_MAX || offset < 0 || offset > OFFSET_MAX) {
            throw new IllegalArgumentException("invalid session id: shard " + shard + ", offset " + offset
                    + " (expected: 0 to " + ShardId.INDEX_MAX + ", 0 to " + OFFSET_MAX + ")");
        }
    }

    /// Parses the id that a client sent; empty unless it is exactly 32 lower-case hex digits.
    public static Optional<SessionId> parse(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return Optional.empty();
            }
        }
        return Optional.of(new SessionId(
                HexFormat.fromHexDigits(text, 0, 4),
                HexFormat.fromHexDigitsToLong(text, 4, 16),
                HexFormat.fromHexDigitsToLong(text, 16, LENGTH)));
    }

    /// The form that clients hold.
    public String text() {
        var hex = HexFormat.of();
        return hex.toHexDigits(shard, 4) + hex.toHexDigits(offset, 12) + hex.toHexDigits(secret);
    }

    /// Without the secret, so that it may be logged.
    @Override
    public String toString() {
        return "session-" + shard + "@" + offset;
    }
}

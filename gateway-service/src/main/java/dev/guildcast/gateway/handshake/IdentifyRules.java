package dev.guildcast.gateway.handshake;

import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import java.util.Optional;

/// What an Identify may ask for. Pure: no state, no I/O.
final class IdentifyRules {
    private static final int THRESHOLD_DEFAULT = 50;
    private static final int THRESHOLD_MAX = 250;
    private static final int BOT_THRESHOLD_MIN = 50;
    private static final int USER_THRESHOLD_MIN = 25;

    private IdentifyRules() {}

    sealed interface Outcome {}

    /// @param content whether messages of others are shown whole
    record Accepted(long intents, boolean content, Optional<ClientShard> shard, int largeThreshold)
            implements Outcome {}

    record Refused(CloseCode code) implements Outcome {}

    static Outcome check(Payload.Identify identify, Identity who, int version) {
        Optional<ClientShard> shard = Optional.empty();
        if (identify.shard().isPresent()) {
            var pair = identify.shard().get();
            if (pair.id() < 0 || pair.id() >= pair.count() || pair.count() > Integer.MAX_VALUE) {
                return new Refused(CloseCode.INVALID_SHARD);
            }
            shard = Optional.of(new ClientShard((int) pair.id(), (int) pair.count()));
        }
        int least = who.bot() ? BOT_THRESHOLD_MIN : USER_THRESHOLD_MIN;
        int threshold = Math.clamp(identify.largeThreshold().orElse(THRESHOLD_DEFAULT), least, THRESHOLD_MAX);
        if (!who.bot()) {
            // Users have every intent unless they name some; nothing is privileged for them.
            long named = identify.intents().orElse(Intents.KNOWN) & Intents.KNOWN;
            return new Accepted(named, true, shard, threshold);
        }
        if (identify.intents().isEmpty()) {
            return new Refused(CloseCode.INVALID_INTENTS);
        }
        long asked = identify.intents().getAsLong();
        if ((asked & ~Intents.KNOWN) != 0) {
            return new Refused(CloseCode.INVALID_INTENTS);
        }
        long granted = who.grantedIntents();
        // Before version 10 the grant alone shows content, and the bit means nothing.
        boolean byIntent = version >= 10;
        long privileged = byIntent ? Intents.PRIVILEGED : Intents.PRIVILEGED & ~Intents.MESSAGE_CONTENT;
        if ((asked & privileged & ~granted) != 0 || (asked & Intents.USERS_ONLY) != 0) {
            return new Refused(CloseCode.DISALLOWED_INTENTS);
        }
        boolean content = ((byIntent ? asked : granted) & Intents.MESSAGE_CONTENT) != 0;
        return new Accepted(asked, content, shard, threshold);
    }
}

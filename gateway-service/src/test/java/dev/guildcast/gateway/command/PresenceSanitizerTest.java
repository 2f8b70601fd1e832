package dev.guildcast.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.protocol.Payload;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PresenceSanitizerTest {
    private final PresenceSanitizer sanitizer = new PresenceSanitizer(() -> 1_700_000_000_000L);

    @Test
    void stampsActivitiesAndDropsUnknownFields() {
        var activity = new Payload.Activity("chess", 1, Optional.of("https://twitch.tv/x"), Optional.empty());
        var presence = sanitizer.sanitize(new Payload.PresenceUpdate("idle", List.of(activity), 5, true), "web");
        assertThat(presence.getStatus()).isEqualTo("idle");
        assertThat(presence.getSince()).isEqualTo(5);
        assertThat(presence.getAfk()).isTrue();
        assertThat(presence.getClient()).isEqualTo("web");
        assertThat(presence.getActivities(0).toStringUtf8())
                .matches("\\{\"name\":\"chess\",\"type\":1,\"url\":\"https://twitch.tv/x\","
                        + "\"created_at\":1700000000000,\"id\":\"[0-9a-f]+\"}");
    }

    @Test
    void aClientWithoutAPresenceIsOnline() {
        assertThat(sanitizer.defaultPresence("mobile").getStatus()).isEqualTo("online");
        assertThat(sanitizer.defaultPresence("mobile").getActivitiesCount()).isZero();
    }
}

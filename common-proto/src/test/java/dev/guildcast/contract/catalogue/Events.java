package dev.guildcast.contract.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.UserEvent;
import java.nio.charset.StandardCharsets;

/// Publishes events in the shape of the tests: JSON text in, records out.
final class Events {
    static final String GUILD = "197038439483310086";
    static final long GUILD_ID = 197038439483310086L;

    private Events() {}

    static ReadEvent read(String event) {
        return EventCatalogue.read(event.getBytes(StandardCharsets.UTF_8));
    }

    static ReadEvent read(String type, String d) {
        return read("{\"t\":\"%s\",\"d\":%s}".formatted(type, d));
    }

    static GuildEvent guild(String type, String d) {
        return guild(read(type, d));
    }

    static GuildEvent guild(ReadEvent event) {
        assertThat(event).isInstanceOf(ReadEvent.ToGuild.class);
        return ((ReadEvent.ToGuild) event).record().getEvent();
    }

    static Mutation mutation(String type, String d) {
        return guild(type, d).getMutation();
    }

    static UserEvent user(String event) {
        var read = read(event);
        assertThat(read).isInstanceOf(ReadEvent.ToUser.class);
        return ((ReadEvent.ToUser) read).record().getEvent();
    }

    static ReadEvent.Refused refused(String field, String reason) {
        return new ReadEvent.Refused(field, reason);
    }
}

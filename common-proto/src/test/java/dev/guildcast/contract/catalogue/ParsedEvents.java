package dev.guildcast.contract.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.UserEvent;
import java.nio.charset.StandardCharsets;

/// Publishes events in the shape of the tests: JSON text in, records out.
final class ParsedEvents {
    static final String GUILD = "197038439483310086";
    static final long GUILD_ID = 197038439483310086L;

    private ParsedEvents() {}

    static ParsedEvent parse(String event) {
        return EventCatalogue.parse(event.getBytes(StandardCharsets.UTF_8));
    }

    static ParsedEvent parse(String type, String d) {
        return parse("{\"t\":\"%s\",\"d\":%s}".formatted(type, d));
    }

    static GuildEvent guild(String type, String d) {
        return guild(parse(type, d));
    }

    static GuildEvent guild(ParsedEvent event) {
        assertThat(event).isInstanceOf(ParsedEvent.ToGuild.class);
        return ((ParsedEvent.ToGuild) event).record().getEvent();
    }

    static Mutation mutation(String type, String d) {
        return guild(type, d).getMutation();
    }

    static UserEvent user(String event) {
        var parsed = parse(event);
        assertThat(parsed).isInstanceOf(ParsedEvent.ToUser.class);
        return ((ParsedEvent.ToUser) parsed).record().getEvent();
    }

    static ParsedEvent.Invalid invalid(String field, String reason) {
        return new ParsedEvent.Invalid(field, reason);
    }
}

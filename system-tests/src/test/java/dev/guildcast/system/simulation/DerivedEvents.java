package dev.guildcast.system.simulation;

import dev.guildcast.contract.Intents;
import dev.guildcast.event.v1.Field;
import dev.guildcast.event.v1.GuildEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Dispatches that a shard derives itself because no event of a backend causes them.
final class DerivedEvents {
    private DerivedEvents() {}

    static long intents(String type) {
        return type.startsWith("GUILD_MEMBER_") ? Intents.GUILD_MEMBERS : Intents.GUILDS;
    }

    static long subjectUser(String type, String text) {
        return type.startsWith("GUILD_MEMBER_") && !type.endsWith("REMOVE")
                ? Long.parseLong(text.split(" ", -1)[1])
                : 0;
    }

    static String type(String create, String update, boolean known, boolean changed, @Nullable GuildEvent event) {
        if (event == null) {
            return !known ? create : changed ? update : "";
        }
        if (event.getType().equals(create) && known) {
            return changed ? update : "";
        }
        return event.getType().equals(update) && !known ? create : event.getType();
    }

    static String fieldText(List<Field> fields, String name) {
        for (var field : fields) {
            if (field.getName().equals(name)) {
                return field.getJson().toStringUtf8().replace("\"", "");
            }
        }
        return "";
    }
}

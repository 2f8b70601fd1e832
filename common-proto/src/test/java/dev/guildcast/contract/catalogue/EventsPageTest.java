package dev.guildcast.contract.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.contract.catalogue.EventRow.Content;
import dev.guildcast.contract.catalogue.EventRow.Route;
import dev.guildcast.shard.v1.Lane;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Writes `docs/events.md` from the table, and holds it to it.
class EventsPageTest {
    private static final Path PAGE = Path.of("../docs/events.md");
    private static final String REGENERATE =
            "./mvnw -pl common-proto test -Dtest=EventsPageTest -Dguildcast.regenerate=true";

    @Test
    void thePageSaysWhatTheTableSays() throws IOException {
        var page = page();
        if (Boolean.getBoolean("guildcast.regenerate")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("docs/events.md is stale; write it anew with: %s", REGENERATE)
                .isEqualTo(page);
    }

    private static String page() throws IOException {
        var template = Files.readString(Path.of("src/test/resources/events-page.md"));
        var table = new StringBuilder();
        for (var row : EventTable.rows()) {
            if (row.route() != Route.OUR_OWN) {
                table.append("| ").append(String.join(" | ", cells(row))).append(" |\n");
            }
        }
        return template.replace("{{table}}", table.toString().stripTrailing());
    }

    private static List<String> cells(EventRow row) {
        var ids = new ArrayList<String>();
        if (row.route() != Route.USERS) {
            ids.add(row.guildField() + (row.route() == Route.GUILD_OR_USERS ? "?" : ""));
        }
        if (row.audience() == EventRow.Audience.CHANNEL && !ids.contains(row.channelField())) {
            ids.add(row.channelField());
        }
        row.ids().stream().filter(id -> !ids.contains(id)).forEach(ids::add);
        return List.of(
                "`" + row.type() + "`",
                audience(row),
                String.join(", ", ids.stream().map(id -> "`" + id + "`").toList()),
                permissions(row),
                intents(row),
                lane(row),
                row.change() == null ? "" : row.change().words(),
                content(row));
    }

    private static String audience(EventRow row) {
        if (row.route() == Route.USERS) {
            return row.shardZeroOnly() ? "`users`, shard 0" : "`users`, else the user itself; every shard";
        }
        var guild = switch (row.audience()) {
            case MEMBERS -> "members";
            case CHANNEL -> "who may view `" + row.channelField() + "`";
            case CHANNEL_IF_ANY -> "who may view `" + row.channelField() + "`; members without one";
            case NAMED_USERS -> "`users` of the guild";
            case SUBJECT -> "the user of `user_id`";
            case NAMED_SESSIONS -> "the sessions that the voice service names; not published from outside";
        };
        var special = switch (row.special()) {
            case NONE -> "";
            case SUBJECT_ALWAYS -> "; its subject whatever its intents";
            case SUBJECT_NEVER -> "; never its subject";
            case THREAD_MEMBERS -> "; those added and removed under GUILDS";
        };
        return guild + special + (row.route() == Route.GUILD_OR_USERS ? ". Direct: `users`" : "");
    }

    private static String permissions(EventRow row) {
        return String.join(
                " or ",
                row.permissions().stream()
                        .map(bits -> name(Permissions.class, bits))
                        .toList());
    }

    private static String intents(EventRow row) {
        var guild = row.intents() == 0 ? "none" : name(Intents.class, row.intents());
        return row.directIntents() == 0 ? guild : guild + ". Direct: " + name(Intents.class, row.directIntents());
    }

    private static String lane(EventRow row) {
        return row.lane() == Lane.EPHEMERAL ? "droppable" : "durable";
    }

    private static String content(EventRow row) {
        return row.content() == Content.PLAIN ? "" : "blanked, but for author and mentioned";
    }

    private static String name(Class<?> constants, long bits) {
        for (var field : constants.getFields()) {
            try {
                if (Modifier.isStatic(field.getModifiers()) && field.getLong(null) == bits) {
                    return field.getName();
                }
            } catch (IllegalAccessException e) {
                throw new LinkageError(field.getName(), e);
            }
        }
        throw new AssertionError(Long.toString(bits));
    }
}

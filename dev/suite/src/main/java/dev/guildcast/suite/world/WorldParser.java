package dev.guildcast.suite.world;

import dev.guildcast.suite.world.WorldSource.Range;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Parses a world in one pass: verifies all of it, and keeps the places of its guilds and events rather than their
/// content.
///
/// - **Owner:** one thread.
/// - **Bound:** the names of the guilds' channels, and 16 bytes for each guild and event.
final class WorldParser {
    /// As the gateway grants them.
    private static final Set<String> PRIVILEGED_INTENTS = Set.of("GUILD_MEMBERS", "GUILD_PRESENCES", "MESSAGE_CONTENT");

    private final WorldReader reader;
    private final List<World.Guild> guilds = new ArrayList<>();
    private final List<Range> events = new ArrayList<>();
    private final Map<Long, Integer> guildIndexes = new HashMap<>();
    private Range tokens = new Range(0, 0);

    private WorldParser(WorldReader reader) {
        this.reader = reader;
    }

    /// @throws IllegalArgumentException if it is invalid; the message is for the user and names the place
    static World parse(WorldSource source) throws IOException {
        try (var reader = new WorldReader(source)) {
            var parser = new WorldParser(reader);
            reader.readDocument(parser::readPart);
            if (parser.tokens.length() == 0) {
                throw new IllegalArgumentException(source.name() + ": tokens is missing (expected: an object)");
            }
            return World.of(source, parser.tokens, parser.guilds, parser.events);
        }
    }

    private void readPart(String key) throws IOException {
        switch (key) {
            case "tokens" -> {
                long from = reader.startOffset();
                reader.readObject(this::readToken);
                tokens = reader.rangeFrom(from);
            }
            case "guilds" -> reader.readArray(this::readGuild);
            case "events" -> reader.readArray(this::readEvent);
            // A misspelt name would otherwise be an empty list.
            default -> throw reader.invalid("not part of a world", "tokens, guilds or events");
        }
    }

    private void readToken(String token) throws IOException {
        reader.require(!token.isBlank(), "a token that is not empty");
        var user = new long[1];
        reader.readObject(key -> {
            switch (key) {
                case "user" ->
                    reader.readObject(field -> {
                        if (field.equals("id")) {
                            user[0] = reader.readId();
                        } else {
                            reader.skip();
                        }
                    });
                case "bot" -> reader.readBoolean();
                case "application" ->
                    reader.readObject(field -> {
                        switch (field) {
                            case "id" -> reader.readId();
                            case "flags" -> reader.readFlags();
                            default -> reader.skip();
                        }
                    });
                case "privileged_intents" ->
                    reader.readArray(i -> reader.require(
                            PRIVILEGED_INTENTS.contains(reader.readText()),
                            "GUILD_MEMBERS, GUILD_PRESENCES or MESSAGE_CONTENT"));
                default -> reader.skip();
            }
        });
        if (user[0] == 0) {
            throw reader.invalid("without user.id", WorldReader.ID_EXPECTED);
        }
    }

    private void readGuild(int index) throws IOException {
        long from = reader.startOffset();
        var guild = new GuildOutline();
        reader.readObject(key -> {
            switch (key) {
                case "id" -> {
                    guild.id = reader.readId();
                    var earlier = guildIndexes.putIfAbsent(guild.id, index);
                    if (earlier != null) {
                        throw reader.invalid(
                                "also that of guilds[" + earlier + "]",
                                "each guild once, or else an event GUILD_CREATE");
                    }
                }
                case "name" -> guild.name = reader.readTextOrEmpty();
                case "channels" -> reader.readArray(i -> guild.channels.add(readChannel()));
                case "members" ->
                    reader.readArray(i -> {
                        guild.members++;
                        reader.skip();
                    });
                default -> reader.skip();
            }
        });
        if (guild.id == 0) {
            throw reader.invalid("without id", WorldReader.ID_EXPECTED);
        }
        guilds.add(new World.Guild(guild.id, guild.name, guild.channels, guild.members, reader.rangeFrom(from)));
    }

    private World.Channel readChannel() throws IOException {
        var name = new String[] {""};
        var id = new long[1];
        if (!reader.isObject()) {
            reader.skip();
            return new World.Channel(0, ""); // ingress rejects it
        }
        reader.readObject(key -> {
            switch (key) {
                case "id" -> id[0] = reader.readId();
                case "name" -> name[0] = reader.readTextOrEmpty();
                default -> reader.skip();
            }
        });
        return new World.Channel(id[0], name[0]);
    }

    private void readEvent(int index) throws IOException {
        long from = reader.startOffset();
        var found = new ArrayList<String>();
        reader.readObject(key -> {
            switch (key) {
                case "t" -> {
                    reader.readText();
                    found.add(key);
                }
                case "d" -> {
                    reader.require(reader.isObject(), "an object");
                    reader.skip();
                    found.add(key);
                }
                case "publisher", "sequence" ->
                    throw reader.invalid("given", "none: the world is published under its own");
                default -> reader.skip();
            }
        });
        if (found.size() < 2) {
            throw reader.invalid("incomplete", "an object with t and d");
        }
        events.add(reader.rangeFrom(from));
    }

    /// What is known so far of the guild that is being read.
    private static final class GuildOutline {
        private final List<World.Channel> channels = new ArrayList<>();
        private long id;
        private String name = "";
        private int members;
    }
}

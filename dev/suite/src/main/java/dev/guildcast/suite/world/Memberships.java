package dev.guildcast.suite.world;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Computes which guilds the users with a token are in, once all events of a world are applied.
///
/// - **Owner:** one thread.
/// - **Bound:** the users with a token, for each guild.
final class Memberships {
    private final Set<Long> users;
    private final Map<Long, Set<Long>> membersByGuild = new LinkedHashMap<>();

    private Memberships(Set<Long> users) {
        this.users = users;
    }

    /// The guilds of each of these users; without users who are in none.
    static Map<Long, Set<Long>> of(WorldSource source, Set<Long> users) throws IOException {
        var memberships = new Memberships(users);
        // Events may precede the guilds in the file, but are published after them.
        var events = new ArrayList<MembershipChange>();
        try (var reader = new WorldReader(source)) {
            reader.readDocument(part -> {
                switch (part) {
                    case "guilds" ->
                        reader.readArray(i -> memberships.apply(MembershipChange.guild(memberships.read(reader))));
                    case "events" -> reader.readArray(i -> events.add(memberships.readEvent(reader)));
                    default -> reader.skip();
                }
            });
        }
        events.forEach(memberships::apply);
        return memberships.byUser();
    }

    /// What one document says of memberships.
    private static final class Facts {
        private final List<Long> members = new ArrayList<>();
        private long id;
        private long guild;
        private long user;
        private boolean unavailable;
    }

    private record MembershipChange(String type, Facts facts) {
        static MembershipChange guild(Facts facts) {
            return new MembershipChange("GUILD_CREATE", facts);
        }
    }

    private MembershipChange readEvent(WorldReader reader) throws IOException {
        var type = new String[] {""};
        var facts = new Facts[] {new Facts()};
        reader.readObject(key -> {
            switch (key) {
                case "t" -> type[0] = reader.readTextOrEmpty();
                case "d" -> facts[0] = read(reader);
                default -> reader.skip();
            }
        });
        return new MembershipChange(type[0], facts[0]);
    }

    private Facts read(WorldReader reader) throws IOException {
        var facts = new Facts();
        if (!reader.isObject()) {
            reader.skip();
            return facts;
        }
        reader.readObject(key -> {
            switch (key) {
                case "id" -> facts.id = reader.readIdOrZero();
                case "guild_id" -> facts.guild = reader.readIdOrZero();
                case "user" -> facts.user = readUser(reader);
                case "unavailable" -> {
                    facts.unavailable = reader.isTrue();
                    reader.skip();
                }
                case "members" -> {
                    if (reader.isArray()) {
                        reader.readArray(i -> addMember(reader, facts.members));
                    } else {
                        reader.skip();
                    }
                }
                default -> reader.skip();
            }
        });
        return facts;
    }

    private void addMember(WorldReader reader, List<Long> members) throws IOException {
        var user = new long[1];
        if (reader.isObject()) {
            reader.readObject(key -> {
                if (key.equals("user")) {
                    user[0] = readUser(reader);
                } else {
                    reader.skip();
                }
            });
        } else {
            reader.skip();
        }
        if (users.contains(user[0])) {
            members.add(user[0]);
        }
    }

    private static long readUser(WorldReader reader) throws IOException {
        var id = new long[1];
        if (reader.isObject()) {
            reader.readObject(key -> {
                if (key.equals("id")) {
                    id[0] = reader.readIdOrZero();
                } else {
                    reader.skip();
                }
            });
        } else {
            reader.skip();
        }
        return id[0];
    }

    private void apply(MembershipChange change) {
        var facts = change.facts();
        switch (change.type()) {
            case "GUILD_CREATE" -> membersOf(facts.id).addAll(facts.members);
            case "GUILD_MEMBER_ADD" -> membersOf(facts.guild).add(facts.user);
            case "GUILD_MEMBER_REMOVE" -> membersOf(facts.guild).remove(facts.user);
            case "GUILD_DELETE" -> {
                if (!facts.unavailable) {
                    membersOf(facts.id).clear();
                }
            }
            default -> {
                // Changes no memberships.
            }
        }
    }

    private Set<Long> membersOf(long guild) {
        return membersByGuild.computeIfAbsent(guild, any -> new LinkedHashSet<>());
    }

    private Map<Long, Set<Long>> byUser() {
        var byUser = new LinkedHashMap<Long, Set<Long>>();
        for (long user : users) {
            membersByGuild.forEach((guild, members) -> {
                if (members.contains(user)) {
                    byUser.computeIfAbsent(user, any -> new LinkedHashSet<>()).add(guild);
                }
            });
        }
        return byUser;
    }
}

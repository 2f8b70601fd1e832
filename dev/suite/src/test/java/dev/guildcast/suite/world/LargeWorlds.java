package dev.guildcast.suite.world;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Worlds with many members, and a process that reads and sends one as the launcher does.
final class LargeWorlds {
    private LargeWorlds() {}

    /// A guild of members with ids from 1 on, each on a line of its own.
    static String guild(String id, int members) {
        var json = new StringBuilder("{\"id\":\"" + id + "\",\"name\":\"Large\",\"channels\":[],\"members\":[");
        for (int i = 1; i <= members; i++) {
            json.append(i == 1 ? "\n" : ",\n")
                    .append("{\"user\":{\"id\":\"")
                    .append(i)
                    .append("\",\"username\":\"member")
                    .append(i)
                    .append("\",\"discriminator\":\"0\",\"avatar\":null,\"global_name\":\"Member number ")
                    .append(i)
                    .append(
                            "\"},\"roles\":[],\"joined_at\":\"2024-01-01T00:00:00.000000+00:00\",\"deaf\":false,\"mute\":false}");
        }
        return json.append("]}").toString();
    }

    static Path write(Path file, int guilds, int members) throws IOException {
        try (var out = Files.newBufferedWriter(file)) {
            out.write("{\"guilds\":[");
            for (int i = 1; i <= guilds; i++) {
                out.write((i == 1 ? "" : ",") + guild(Integer.toString(i), members));
            }
            // Tokens at the end: whoever is a member is known only then.
            out.write("],\"tokens\":{\"t\":{\"user\":{\"id\":\"7\",\"username\":\"seven\"}}}}");
        }
        return file;
    }

    public static void main(String... args) throws IOException {
        var world = World.read(Optional.of(Path.of(args[0])));
        var sent = new AtomicLong();
        long promised = 0;
        for (int i = 0; i < world.publications(); i++) {
            promised += world.publication(i).bytes();
            world.publication(i).writeTo(new OutputStream() {
                @Override
                public void write(int b) {
                    sent.incrementAndGet();
                }

                @Override
                public void write(byte[] bytes, int from, int length) {
                    sent.addAndGet(length);
                }
            });
        }
        var guilds = world.memberships().values().iterator().next().size();
        System.out.println(world.members() + " members, " + world.memberships().size() + " user in " + guilds
                + " guilds, sent " + (sent.get() == promised));
    }
}

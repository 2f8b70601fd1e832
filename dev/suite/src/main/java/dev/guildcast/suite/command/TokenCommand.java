package dev.guildcast.suite.command;

import dev.guildcast.suite.status.SuiteFolder;
import dev.guildcast.suite.world.World;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Prints tokens of the world's users.
@Command(name = "token", description = "Prints the token of one user or bot, or lists them all.")
public final class TokenCommand implements Callable<Integer> {
    @Mixin
    private final HelpOption help = new HelpOption();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "User name or id; without it all are listed.")
    private @Nullable String name;

    @Override
    public Integer call() {
        var world = readWorld();
        if (name != null) {
            System.out.println(findToken(world, name));
            return 0;
        }
        world.tokens().properties().forEach(entry -> {
            var user = entry.getValue().path("user");
            System.out.printf(
                    "%-12s %-5s %-20s %s%n",
                    user.path("username").asString(""),
                    entry.getValue().path("bot").asBoolean(false) ? "bot" : "user",
                    user.path("id").asString(""),
                    entry.getKey());
        });
        return 0;
    }

    /// The tokens of the suite that runs or ran last, else those of the bundled world.
    static World readWorld() {
        var file = SuiteFolder.ofThisProcess().tokens();
        return World.read(Files.isRegularFile(file) ? Optional.of(file) : Optional.empty());
    }

    /// The token of a user by name or id; a token is returned unchanged.
    ///
    /// @throws IllegalArgumentException if there is no such user
    static String findToken(World world, String name) {
        if (world.tokens().has(name)) {
            return name;
        }
        return world.tokens().properties().stream()
                .filter(entry -> {
                    var user = entry.getValue().path("user");
                    return name.equals(user.path("username").asString(""))
                            || name.equals(user.path("id").asString(""));
                })
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no user '" + name + "' in this world: ./guildcast token lists them"));
    }
}

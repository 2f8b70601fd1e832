package dev.guildcast.examples.bot;

import java.util.Map;
import net.dv8tion.jda.api.JDABuilder;
import net.dv8tion.jda.api.events.message.MessageReceivedEvent;
import net.dv8tion.jda.api.events.session.ReadyEvent;
import net.dv8tion.jda.api.hooks.ListenerAdapter;
import net.dv8tion.jda.api.requests.GatewayIntent;
import net.dv8tion.jda.api.requests.RestConfig;
import net.dv8tion.jda.api.utils.SessionControllerAdapter;

/// A JDA bot that replies to `!ping`. Only the two hooks that set the server are specific to Guildcast.
public final class PingBot extends ListenerAdapter {
    private PingBot() {}

    public static void main(String... args) {
        Map<String, String> environment = System.getenv();
        String api = environment.getOrDefault("GUILDCAST_API", "http://127.0.0.1:8080/api");
        String gateway = environment.getOrDefault("GUILDCAST_GATEWAY", "ws://127.0.0.1:8081");
        String token = environment.getOrDefault("GUILDCAST_TOKEN", "");
        if (token.isEmpty()) {
            System.err.println("GUILDCAST_TOKEN is missing: ./guildcast token prints those of the suite");
            System.exit(2);
        }
        JDABuilder.createLight(token, GatewayIntent.GUILD_MESSAGES, GatewayIntent.MESSAGE_CONTENT)
                // Base of the REST calls, including the version and the trailing slash.
                .setRestConfig(new RestConfig().setBaseUrl(api + "/v10/"))
                // Address of the gateway, which is fixed in this library by default.
                .setSessionController(new SessionControllerAdapter() {
                    @Override
                    public String getGateway() {
                        return gateway;
                    }
                })
                .addEventListeners(new PingBot())
                .build();
    }

    @Override
    public void onReady(ReadyEvent event) {
        System.out.println("logged in as " + event.getJDA().getSelfUser().getName() + ", in "
                + event.getGuildTotalCount() + " guilds");
    }

    @Override
    public void onMessageReceived(MessageReceivedEvent event) {
        if (event.getMessage().getContentRaw().equals("!ping")) {
            event.getMessage().reply("Pong!").queue();
            System.out.println("answered " + event.getAuthor().getName());
        }
    }
}

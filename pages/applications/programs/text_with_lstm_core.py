"""What the network holds for the next character, and the text that it goes on to write."""

from lstm_core.text.characters import CharacterNetwork, probabilities, write

START = '"My dear Jane," said Mr. B'
LENGTH = 350
TEMPERATURE = 0.6
SEED = 1

network = CharacterNetwork.load()
hidden_state = network.read(START).hidden_state[-1]
result = probabilities(network.logits(hidden_state), TEMPERATURE)
for share, character in sorted(zip(result, network.vocabulary, strict=True), reverse=True)[:12]:
    print(repr(character), f"{share:.3f}")
writing = write(network, START, LENGTH, TEMPERATURE, SEED)
print(writing.start + writing.text)

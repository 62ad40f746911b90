"""Translate short phrases with an encoder, a decoder and attention; everything is set at the top of the file."""

import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import GRU, LSTM, Attention, Concatenate, Dense, Embedding, Input
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import Adam
import wandb

WANDB = True
cell_type = "LSTM"
n_layers = 1
hidden_layer_size = 8
emb_size = 6
batch_size = 16
epochs = 3
l_rate = 0.02
beam_size = 1

tf.keras.utils.set_random_seed(27)

if WANDB:
	wandb.init(project="phrases", config={"cell": cell_type, "layers": n_layers, "hidden": hidden_layer_size, "emb": emb_size})

### The data: words of five letters, to be written backwards ###
letters = ["<", ">"] + list("abcdefgh")
index = {letter: number for number, letter in enumerate(letters)}
reverse_index = {number: letter for letter, number in index.items()}
rng = np.random.default_rng(5)
words = ["".join(rng.choice(letters[2:], 5)) for _ in range(64)]

encoder_input_data = np.array([[index[c] for c in word] for word in words])
decoder_input_data = np.array([[index["<"]] + [index[c] for c in word[::-1]] for word in words])
decoder_target_data = tf.keras.utils.to_categorical(np.array([[index[c] for c in word[::-1]] + [index[">"]] for word in words]), len(letters))
val_encoder_input_data, val_decoder_input_data, val_decoder_target_data = encoder_input_data[:16], decoder_input_data[:16], decoder_target_data[:16]

### The model ###
cell = {"LSTM": LSTM, "GRU": GRU}[cell_type]

encoder_inputs = Input(shape=(None,), name="encoder_in")
x = Embedding(len(letters), emb_size, name="encoder_emb")(encoder_inputs)
encoder_outputs, *encoder_states = cell(hidden_layer_size, return_sequences=True, return_state=True, name="encoder")(x)

decoder_inputs = Input(shape=(None,), name="decoder_in")
x = Embedding(len(letters), emb_size, name="decoder_emb")(decoder_inputs)
decoder_outputs, *_ = cell(hidden_layer_size, return_sequences=True, return_state=True, name="decoder")(x, initial_state=encoder_states)
context = Attention(name="attention")([decoder_outputs, encoder_outputs])
decoder_dense = Dense(len(letters), activation="softmax", name="letters")
outputs = decoder_dense(Concatenate(axis=-1, name="joined")([decoder_outputs, context]))

model = Model([encoder_inputs, decoder_inputs], outputs)
model.compile(optimizer=Adam(learning_rate=l_rate), loss="categorical_crossentropy", metrics=["categorical_accuracy"])

### Fit the model ###
if WANDB:
	wandb.run.name = "cell_" + cell_type + "_nl_" + str(n_layers) + "_bms_" + str(beam_size) + "_hls_" + str(hidden_layer_size) + "_embs_" + str(emb_size) + "_ep_" + str(epochs) + "_lr_" + str(l_rate)
	model.fit(
	    [encoder_input_data, decoder_input_data],
	    decoder_target_data,
	    batch_size=batch_size,
	    epochs=epochs,
	    verbose=0,
	    shuffle=False,
	    validation_data=([val_encoder_input_data, val_decoder_input_data], val_decoder_target_data),
	    callbacks=[wandb.keras.WandbCallback()]
	)
else:
	model.fit(
		[encoder_input_data, decoder_input_data],
		decoder_target_data,
		batch_size=batch_size,
		epochs=epochs,
		validation_data=([val_encoder_input_data, val_decoder_input_data], val_decoder_target_data)
		)

### Inference, a letter at a time ###
def decode(word):
	read = np.array([[index[c] for c in word]])
	written = [index["<"]]
	while len(written) <= len(word) + 1 and written[-1] != index[">"]:
		probabilities = model.predict([read, np.array([written])], verbose=0)[0, -1]
		written.append(int(np.argmax(probabilities)))
	return "".join(reverse_index[number] for number in written[1:]).replace(">", "")

right = sum(decode(word) == word[::-1] for word in words[:4])
print("exactly right:", right, "of 4")
loss, accuracy = model.evaluate([val_encoder_input_data, val_decoder_input_data], val_decoder_target_data, verbose=0)
if WANDB:
	wandb.log({"test_accuracy": accuracy, "exact": right})
	wandb.finish()

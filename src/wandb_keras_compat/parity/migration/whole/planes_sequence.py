#!/usr/bin/env python
# coding=utf-8
'''
A Sequence that makes its batches from a table: argparse with many options, the callback by attribute and handed to the function that trains.
'''
import argparse
import collections
import json
import os
import time

import numpy as np
import pandas as pd
import tensorflow as tf
import wandb
from sklearn.metrics import classification_report, confusion_matrix
from sklearn.model_selection import train_test_split
from tensorflow.keras.callbacks import ModelCheckpoint, ReduceLROnPlateau
from tensorflow.keras.layers import Conv2D, Dense, Flatten, Input, MaxPooling2D
from tensorflow.keras.models import Model
import wandb.keras

PLANES = ['Other', 'Abdomen', 'Brain', 'Femur']


def read_table(rows):
    '''Image_name; Plane; Patient_num; Train'''
    generator = np.random.default_rng(2022)
    planes = generator.integers(0, len(PLANES), size=rows)
    return pd.DataFrame({
        'Image_name': ['Patient%05d_Plane%d_%d_of_1' % (row // 3, plane + 1, row) for row, plane in enumerate(planes)],
        'Plane': [PLANES[plane] for plane in planes],
        'Patient_num': np.arange(rows) // 3,
        'Train ': (np.arange(rows) % 4 != 0).astype(int),
    })


class ImageFrameGenerator(tf.keras.utils.Sequence):  # Generates data for Keras.
    def __init__(self, dataset, batch_size=8, dim=(10, 10), shuffle=True):
        super().__init__()
        self.dataset = dataset.reset_index(drop=True)
        self.batch_size = batch_size
        self.dim = dim
        self.shuffle = shuffle
        self.generator = np.random.default_rng(1)
        self.on_epoch_end()

    def __len__(self):  # Denotes the number of batches per epoch.
        return int(np.ceil(len(self.dataset) / self.batch_size))

    def __getitem__(self, index):  # Generate one batch of data.
        indexes = self.indexes[index * self.batch_size:(index + 1) * self.batch_size]
        data, labels = self.__data_generation(indexes)
        return data / 255, labels

    def on_epoch_end(self):  # Updates indexes after each epoch.
        self.indexes = np.arange(len(self.dataset))
        if self.shuffle == True:
            self.generator.shuffle(self.indexes)

    def __data_generation(self, indexes):  # X: (n_samples, *dim, n_channels)
        data = np.empty((len(indexes), *self.dim, 1), dtype='float32')
        labels = np.zeros((len(indexes), len(PLANES)), dtype='float32')
        for i, row in enumerate(indexes):
            data[i] = self.__read_image(self.dataset.Image_name[row], PLANES.index(self.dataset.Plane[row]))
            labels[i, PLANES.index(self.dataset.Plane[row])] = 1
        return data, labels

    def __read_image(self, name, plane):
        own = np.random.default_rng(sum(map(ord, name)))
        image = own.integers(0, 80, size=(*self.dim, 1))
        image[plane * 2:plane * 2 + 3] += 150
        return image


def create_model(args):
    inputs = Input(shape=(args.img_size, args.img_size, 1))
    x = Conv2D(args.filters, (3, 3), activation='relu', padding='same')(inputs)
    x = MaxPooling2D((2, 2))(x)
    x = Flatten()(x)
    x = Dense(12, activation='relu')(x)
    outputs = Dense(len(PLANES), activation='softmax')(x)
    model = Model(inputs=inputs, outputs=outputs)
    model.compile(loss='categorical_crossentropy', optimizer=tf.keras.optimizers.Adam(learning_rate=args.lr), metrics=['accuracy'])
    return model


def train_val(args, train_generator, valid_generator, wandb_callback):
    model = create_model(args)
    if args.summary:
        model.summary()
    lr_reduce = ReduceLROnPlateau(monitor='val_accuracy', factor=0.1, min_delta=1e-5, patience=5, verbose=0)
    checkpoint = ModelCheckpoint(os.path.join(args.save_dir, args.model_name + '.weights.h5'), monitor='val_accuracy',
                                 save_best_only=True, save_weights_only=True, mode='max', verbose=0)
    start_time = time.time()
    history = model.fit(train_generator, validation_data=valid_generator, epochs=args.epochs, verbose=0,
                        callbacks=[lr_reduce, checkpoint, wandb_callback])
    print('trained for %d epochs in less than %d minutes' % (len(history.epoch), (time.time() - start_time) // 60 + 1))

    with open(os.path.join(args.save_dir, args.model_name + '_history.json'), 'w') as f:
        json.dump({key: [float(value) for value in values] for key, values in history.history.items() if key != 'lr'}, f)
    return model


def test(model, test_generator):
    truth = np.concatenate([np.argmax(test_generator[i][1], axis=1) for i in range(len(test_generator))])
    guess = np.argmax(model.predict(test_generator, verbose=0), axis=1)
    print(confusion_matrix(truth, guess, labels=range(len(PLANES))))
    report = classification_report(truth, guess, labels=range(len(PLANES)), target_names=PLANES, zero_division=0, output_dict=True)
    wandb.log({'test/' + plane: report[plane]['f1-score'] for plane in PLANES})


def main(args):
    tf.keras.utils.set_random_seed(args.seed)
    os.makedirs(args.save_dir, exist_ok=True)
    # wandb
    wandb.init(project=args.project, config=vars(args))  # Initialise or track on specific project.
    wandb_callback = wandb.keras.WandbCallback(log_weights=args.log_weights)

    # data
    df = read_table(args.rows)
    df.rename(columns={'Train ': 'Train'}, inplace=True)
    df_test, df_train = df[df['Train'] == 0], df[df['Train'] == 1]
    df_train, df_valid = train_test_split(df_train, test_size=0.25, random_state=args.seed)
    print(collections.Counter(df_train.Plane.tolist()).most_common())

    options = {'batch_size': args.batch_size, 'dim': (args.img_size, args.img_size)}
    train_generator = ImageFrameGenerator(df_train, shuffle=True, **options)
    valid_generator = ImageFrameGenerator(df_valid, shuffle=False, **options)
    test_generator = ImageFrameGenerator(df_test, shuffle=False, **options)

    model = train_val(args, train_generator, valid_generator, wandb_callback)
    test(model, test_generator)


if __name__ == '__main__':
    parse = argparse.ArgumentParser(description='')
    # wandb parameters
    parse.add_argument('--project', type=str, default='planes')
    parse.add_argument('--log_weights', type=bool, default=True)

    # data
    parse.add_argument('--rows', type=int, default=72)
    parse.add_argument('--img_size', type=int, default=10)
    parse.add_argument('--batch_size', type=int, default=12)

    # train
    parse.add_argument('--model_name', type=str, default='cnn')
    parse.add_argument('--filters', type=int, default=4)
    parse.add_argument('--epochs', type=int, default=2)
    parse.add_argument('--lr', type=float, default=0.005)
    parse.add_argument('--seed', type=int, default=1)
    parse.add_argument('--summary', action='store_true')
    parse.add_argument('--save_dir', type=str, default='planes_model')

    args = parse.parse_args()
    main(args)
